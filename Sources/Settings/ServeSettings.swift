package import Extractor

/// Where the long-running service listens.
package struct ServeSettings: Sendable {
    /// Host name or address, without brackets.
    package var host: String
    /// TCP port.
    package var port: Int
    /// What a caller must show; present for every address that is not loopback.
    package var token: Secret?

    package init(host: String = "127.0.0.1", port: Int = 8080, token: Secret? = nil) {
        self.host = host
        self.port = port
        self.token = token
    }
}
