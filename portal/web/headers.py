"""The headers of every answer, static files included."""

from flask import Flask, Response, request

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; report-to csp; report-uri /csp-report"
)
DOWNLOAD_CSP = "sandbox; default-src 'none'"

HEADERS = {
    "Content-Security-Policy": CSP,
    "Reporting-Endpoints": 'csp="/csp-report"',
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"
VARY = ("Cookie", "HX-Request", "Sec-Fetch-Site", "Origin")


def secure_headers(*, is_secure: bool) -> dict[str, str]:
    """The fixed headers; HSTS only where people come by https."""
    return {**HEADERS, "Strict-Transport-Security": HSTS} if is_secure else dict(HEADERS)


def init_headers(app: Flask, *, is_secure: bool) -> None:
    """Put the headers on everything the app answers."""
    fixed = secure_headers(is_secure=is_secure)

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
            response.vary.update(VARY)
        if response.headers.get("Content-Disposition", "").startswith("attachment"):
            response.headers["Content-Security-Policy"] = DOWNLOAD_CSP
        return response
