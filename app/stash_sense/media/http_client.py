"""The one way in which HTTP clients are made here."""

import http.cookiejar

import httpx


def new_client(*, connect_seconds: float, read_seconds: float, connections: int) -> httpx.AsyncClient:
    """A keep-alive client that follows no redirect, keeps no cookie and uses no proxy.

    A proxy from the environment would see Stash's key, and cannot reach a Stash on the owner's network
    anyway. The environment's certificate authority (SSL_CERT_FILE) does count.
    """
    client = httpx.AsyncClient(
        trust_env=False,
        verify=httpx.create_ssl_context(trust_env=True),
        follow_redirects=False,
        # No limit of its own for waiting until a connection is free: whoever calls limits the whole.
        timeout=httpx.Timeout(read_seconds, connect=connect_seconds, pool=None),
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
    )
    # The answers of one server must not change the requests of a later, unrelated one.
    client.cookies.jar.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    return client
