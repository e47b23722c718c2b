"""A Dask cluster fetches and writes; all that comes of it is kept and published here."""
