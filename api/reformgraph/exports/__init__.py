"""The graph taken away: files for other people's tools, the same bytes for the same release.

release.nq, canned queries --workshop--> tables, network --writers--> files --shelf--> <release>/exports/
"""
