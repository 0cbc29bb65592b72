import Foundation

extension PostgresSettings {
    private static let tlsStrengths = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
    private static let authorityFiles = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]

    /// The server's address for messages: no user, no password.
    package var endpoint: String {
        let host = options["host"] ?? options["hostaddr"] ?? environment["PGHOST"] ?? environment["PGHOSTADDR"]
        let port = options["port"] ?? environment["PGPORT"]
        let database = options["dbname"] ?? environment["PGDATABASE"]
        return (host ?? "the default host") + (port.map { ":\($0)" } ?? "") + (database.map { "/\($0)" } ?? "")
    }

    /// Whether every server the settings may lead to is this machine.
    package var isLocal: Bool {
        guard options["service"] == nil, environment["PGSERVICE"] == nil || options["host"] != nil else { return false }
        let addresses = options["hostaddr"] ?? environment["PGHOSTADDR"]
        let hosts = options["host"] ?? environment["PGHOST"] ?? ""
        return (addresses ?? hosts).split(separator: ",", omittingEmptySubsequences: false).allSatisfy { host in
            host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@") || host == "localhost" || host == "::1"
                || Self.isLoopback(host)
        }
    }

    /// The `sslmode` a connection will use.
    package var effectiveTLSMode: String { options["sslmode"] ?? defaultTLSMode }

    /// The name under which a session shows on the server.
    package var sessionName: String { options["application_name"] ?? applicationName }

    /// What to tell the operator when the connection string itself weakens TLS, else `nil`.
    package var tlsWarning: String? {
        guard !isLocal, let mode = options["sslmode"], mode != "verify-full" else { return nil }
        return "the warehouse URL asks for sslmode=\(mode): the server's identity is not fully checked; use verify-full"
    }

    /// libpq's options with our defaults where the connection string is silent.
    ///
    /// Every option a variable could weaken is set here, since an explicit option beats a variable.
    var connectionOptions: [String: String] {
        var result = options
        func setDefault(_ name: String, _ value: @autoclosure () -> String?) {
            if result[name] == nil { result[name] = value() }
        }
        setDefault("sslmode", effectiveTLSMode)
        setDefault("sslrootcert", defaultAuthorityFile(mode: result["sslmode"]))
        setDefault("gssencmode", "disable")
        setDefault("ssl_min_protocol_version", "TLSv1.2")
        setDefault("target_session_attrs", "read-write")
        setDefault("connect_timeout", "\(max(2, connectDeadline.components.seconds))")
        setDefault("application_name", applicationName)
        setDefault("keepalives", "1")
        setDefault("keepalives_idle", "30")
        setDefault("keepalives_interval", "10")
        setDefault("keepalives_count", "3")
        setDefault("tcp_user_timeout", "30000")
        result["client_encoding"] = "UTF8"  // the readers decode nothing else
        return result
    }

    private var defaultTLSMode: String {
        guard isLocal else { return "verify-full" }
        let strength = { (mode: String) in Self.tlsStrengths.firstIndex(of: mode) ?? 0 }
        let asked = environment["PGSSLMODE"] ?? "prefer"
        return strength(asked) > strength("prefer") ? asked : "prefer"
    }

    /// libpq 15 knows no system store: without a file of the user's own, the distribution's bundle.
    private func defaultAuthorityFile(mode: String?) -> String? {
        guard mode == "verify-full" || mode == "verify-ca", environment["PGSSLROOTCERT"] == nil else { return nil }
        let files = FileManager.default
        let home = LibpqHome.directory(
            version: .installed,
            variable: homeVariable,
            userEntry: LibpqHome.userEntry
        )
        if let home, files.fileExists(atPath: "\(home)/.postgresql/root.crt") { return nil }
        return Self.authorityFiles.first { files.fileExists(atPath: $0) }
    }

    /// Whether `host` is a literal of 127.0.0.0/8; a name such as `127.example.org` is not.
    private static func isLoopback(_ host: Substring) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
