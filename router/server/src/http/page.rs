//! GraphiQL, from assets in the binary: nothing is loaded from elsewhere.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::header::{REFERRER_POLICY, X_FRAME_OPTIONS};
use http::{HeaderName, HeaderValue, Response};
use http_body_util::Full;

/// Scripts and answers of this origin only; GraphiQL sets styles of elements itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; font-src 'self' data:; connect-src 'self'; \
                      worker-src 'self' blob:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

struct Asset {
    path: &'static str,
    kind: &'static str,
    /// Compressed assets are only kept compressed: every browser can read them.
    gzip: bool,
    bytes: &'static [u8],
}

const ASSETS: &[Asset] = &[
    Asset {
        path: "/",
        kind: "text/html; charset=utf-8",
        gzip: false,
        bytes: include_bytes!("../../assets/page.html"),
    },
    Asset {
        path: "/page.js",
        kind: "text/javascript; charset=utf-8",
        gzip: true,
        bytes: include_bytes!("../../assets/page.js.gz"),
    },
    Asset {
        path: "/page.css",
        kind: "text/css; charset=utf-8",
        gzip: true,
        bytes: include_bytes!("../../assets/page.css.gz"),
    },
    Asset {
        path: "/page.svg",
        kind: "image/svg+xml",
        gzip: false,
        bytes: include_bytes!("../../assets/page.svg"),
    },
    Asset {
        path: "/page-licenses.txt",
        kind: "text/plain; charset=utf-8",
        gzip: false,
        bytes: include_bytes!("../../assets/LICENSES.txt"),
    },
];

/// Whether a path belongs to the page.
pub(crate) fn knows(path: &str) -> bool {
    ASSETS.iter().any(|asset| asset.path == path)
}

/// The page, or one of its parts.
pub(crate) fn serve(path: &str) -> Response<Full<Bytes>> {
    let asset = ASSETS.iter().find(|asset| asset.path == path).unwrap_or(&ASSETS[0]);
    let mut answer = Response::new(Full::new(Bytes::from_static(asset.bytes)));
    let mut set = |name: HeaderName, value: &'static str| {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    };
    set(CONTENT_TYPE, asset.kind);
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(X_FRAME_OPTIONS, "DENY");
    set(REFERRER_POLICY, "no-referrer");
    set(CACHE_CONTROL, "no-cache");
    if asset.gzip {
        set(CONTENT_ENCODING, "gzip");
    }
    answer
}
