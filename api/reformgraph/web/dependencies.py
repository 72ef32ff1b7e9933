"""What FastAPI hands to the routes (https://fastapi.tiangolo.com/tutorial/dependencies/)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from reformgraph.web.site import Site


async def _site(request: Request) -> Site:  # FastAPI would run a plain function in a thread
    site: Site = request.scope["reformgraph.site"]
    return site


SiteOf = Annotated[Site, Depends(_site)]
