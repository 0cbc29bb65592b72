import Extractor
import Foundation
import Platforms
import Yams

/// Turns the text of `registrar.yaml` into settings; every problem goes to the diagnostics.
struct ConfigurationReader {
    let diagnostics: Diagnostics
    let environment: [String: String]
    let kinds: [KindDescription]
    /// Permission bits of the file, where known.
    let fileMode: UInt32?
    let use: ConfigurationUse

    /// The configuration, or `nil` where the file has no usable structure; problems are in the diagnostics.
    func read(_ bytes: [UInt8]) -> RegistrarConfiguration? {
        guard let root = document(bytes) else { return nil }
        let expander = Expander(environment: environment)
        let elsewhere = Dictionary(
            ConfigurationKeys.source.map { ($0.name, "an entry of sources") }
                + ConfigurationKeys.warehouse.map { ($0.name, "warehouse") }
                + ConfigurationKeys.serve.map { ($0.name, "serve") },
            uniquingKeysWith: { first, _ in first }
        )
        guard
            let top = Section(
                root,
                name: "",
                line: 1,
                known: ConfigurationKeys.top.map(\.name),
                elsewhere: elsewhere,
                diagnostics: diagnostics,
                expander: expander
            )
        else { return nil }

        var configuration = RegistrarConfiguration(file: diagnostics.file, sources: [])
        configuration.warehouseURL = warehouseURL(top)
        configuration.serve = serve(top)
        if use != .warehouse { readSources(top, expander: expander, into: &configuration) }
        noteEnvironment(hasURL: configuration.warehouseURL != nil)
        configuration.warnings = diagnostics.warnings
        return configuration
    }

    private func document(_ bytes: [UInt8]) -> Node? {
        do throws(YAMLDocument.Failure) {
            return try YAMLDocument.root(of: bytes)
        } catch {
            diagnostics.problem(error.message, line: error.line, suggestion: error.suggestion)
            return nil
        }
    }

    // MARK: Warehouse and service

    private func warehouseURL(_ top: Section) -> String? {
        let known = ConfigurationKeys.warehouse.map(\.name)
        guard let warehouse = top.section("warehouse", known: known), let url = warehouse.text("url") else {
            return nil
        }
        let isURI = url.text.hasPrefix("postgresql://") || url.text.hasPrefix("postgres://")
        guard isURI || url.text.contains("=") else {
            diagnostics.problem(
                "warehouse.url is neither a URI nor a conninfo",
                line: url.line,
                suggestion: "write postgresql://USER@HOST/DATABASE or host=HOST dbname=DATABASE"
            )
            return nil
        }
        if !url.expansion.usesReference, Self.holdsPassword(url.text, isURI: isURI) {
            warnOfLiteral("warehouse.url holds a password", line: url.line)
        }
        return url.text
    }

    private static func holdsPassword(_ url: String, isURI: Bool) -> Bool {
        if url.contains("password=") { return true }
        guard isURI, let start = url.firstRange(of: "://") else { return false }
        let authority = url[start.upperBound...].prefix { $0 != "/" && $0 != "?" }
        guard let at = authority.lastIndex(of: "@") else { return false }
        return authority[..<at].contains(":")
    }

    private func serve(_ top: Section) -> ServeSettings {
        var settings = ServeSettings()
        guard let section = top.section("serve", known: ConfigurationKeys.serve.map(\.name)) else { return settings }
        settings.token = secret("token", of: section)
        if let listen = section.text("listen") {
            guard let (host, port) = Self.hostAndPort(listen.text) else {
                diagnostics.problem(
                    "serve.listen must be ADDRESS:PORT",
                    line: listen.line,
                    suggestion: "write 127.0.0.1:8080"
                )
                return settings
            }
            (settings.host, settings.port) = (host, port)
            if !HostAddress.isLoopback(host), !section.has("token") {
                diagnostics.problem(
                    "serve.listen is not loopback and serve.token is missing",
                    line: listen.line,
                    suggestion: "add token: ${REGISTRAR_TOKEN}, or listen on 127.0.0.1"
                )
            }
        }
        return settings
    }

    private static func hostAndPort(_ text: String) -> (host: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        let allowed: (UInt8) -> Bool = { byte in
            (0x30...0x3a).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2d || byte == 0x2e
        }
        return host.isEmpty || !host.utf8.allSatisfy(allowed) ? nil : (host, port)
    }

    // MARK: Secrets

    /// A secret of `section`; one written in the file itself is reported to `doctor`.
    func secret(_ key: String, of section: Section) -> Secret? {
        guard use == .platforms, let value = section.text(key) else { return nil }
        if Self.hasRaggedEnds(value.text) {
            diagnostics.problem(
                "\(section.path(key)) begins or ends with white space or a byte-order mark, which would be sent as it is",
                line: value.line,
                suggestion: "remove it"
            )
            return nil
        }
        if value.expansion.hasLiteralPart {
            warnOfLiteral("\(section.path(key)) is written in the file", line: value.line)
        }
        return Secret(value.text)
    }

    private static func hasRaggedEnds(_ text: String) -> Bool {
        [text.unicodeScalars.first, text.unicodeScalars.last].contains { scalar in
            scalar.map { $0.properties.isWhitespace || $0 == "\u{FEFF}" } ?? false
        }
    }

    private func warnOfLiteral(_ message: String, line: Int) {
        let isOpen = fileMode.map { $0 & 0o077 != 0 } ?? false
        diagnostics.warning(
            isOpen ? "\(message), which others may read" : message,
            line: line,
            remedy: "move it to the environment (${NAME}) or to a file of mode 0600 (${file:/path})",
            isAboutSecrets: true
        )
    }

    // MARK: Environment

    /// Names the variables that change how a run connects, or look as if they did.
    private func noteEnvironment(hasURL: Bool) {
        let proxies = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        let ignored = proxies.filter { environment[$0]?.isEmpty == false }
        if !ignored.isEmpty {
            diagnostics.warning(
                "\(ignored.joined(separator: ", ")) in the environment is not used",
                line: nil,
                remedy: "unset it, or expect platforms to be called directly"
            )
        }
        guard hasURL else { return }
        // Not `PGPASSWORD` and `PGPASSFILE`: there is no better place for a password.
        let libpq = [
            "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE",
            "PGSERVICEFILE", "PGOPTIONS", "PGSSLMODE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGCHANNELBINDING",
            "PGTARGETSESSIONATTRS", "PGCONNECT_TIMEOUT", "PGREQUIRESSL", "PGKRBSRVNAME", "PGGSSENCMODE",
        ].filter { environment[$0]?.isEmpty == false }
        if !libpq.isEmpty {
            diagnostics.warning(
                "\(libpq.joined(separator: ", ")) in the environment fills what warehouse.url leaves open",
                line: nil,
                remedy: "write it in warehouse.url, or unset it if it is not meant for registrar"
            )
        }
    }
}
