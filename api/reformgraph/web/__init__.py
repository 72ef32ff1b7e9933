"""The HTTP service: routes, pages, errors as problem documents."""
