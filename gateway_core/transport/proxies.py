"""Which proxy, if any, the environment wants between us and a host."""

from __future__ import annotations

import ipaddress
from urllib.request import getproxies, proxy_bypass


def proxy_for(scheme: str, host: str, port: int) -> str | None:
    """The proxy's URL by HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY (or the system's own settings).

    None: straight. This machine itself is never asked through a proxy.
    """
    if _is_loopback(host):
        return None
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or proxy_bypass(f"{host}:{port}"):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
