package import HTTPTypes

/// The header fields that every answer of this server carries.
package enum SecurityHeaders {
    /// Nothing inline, nothing from elsewhere, no frame around us.
    package static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "media-src 'self'",
        "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'",
    ].joined(separator: "; ")

    package static let always: HTTPFields = [
        .contentSecurityPolicy: policy,
        .xContentTypeOptions: "nosniff",
        .referrerPolicy: "no-referrer",
        .crossOriginResourcePolicy: "same-origin",
        .crossOriginOpenerPolicy: "same-origin",
    ]

    /// Adds them; what may be kept by a cache says so itself, all else is not kept.
    ///
    /// - Parameter isSecure: whether the answer goes over TLS: then the browser is to ask no other way (RFC 6797).
    static func apply(to fields: inout HTTPFields, isSecure: Bool) {
        for field in always { fields[field.name] = field.value }
        if isSecure { fields[.strictTransportSecurity] = "max-age=31536000" }
        if fields[.cacheControl] == nil { fields[.cacheControl] = "no-store" }
    }
}

extension HTTPField.Name {
    static let referrerPolicy = known("Referrer-Policy")
    static let crossOriginOpenerPolicy = known("Cross-Origin-Opener-Policy")
    static let accelBuffering = known("X-Accel-Buffering")

    /// A name that is written here, and so is valid.
    static func known(_ name: String) -> Self {
        guard let known = Self(name) else { preconditionFailure("not a field name: \(name)") }
        return known
    }
}
