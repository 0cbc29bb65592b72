import Foundation
import Testing

@testable import Postgres

extension PostgresTests {
    @Suite struct SettingsTests {
        private func settings(_ url: String?, _ environment: [String: String] = [:]) throws -> PostgresSettings {
            try PostgresSettings(url: url, environment: environment)
        }

        @Test(
            "a URL that does not parse is not quoted",
            arguments: [
                "postgresql://user:hunter2@host:port:1/db", "hunter2", "postgresql://u:hunter2@h/db?no_such=1",
                "password='hunter2",
                "postgresql://user:pa/hunter2@host/db", "postgresql://user:1/hunter2@host/db",
                "postgresql://user:pa@hunter2@host/db",
            ]
        )
        func badURL(_ url: String) throws {
            let error = #expect(throws: PostgresError.self) { try settings(url) }
            #expect(error?.code == .invalidSettings)
            #expect(error.map { String(reflecting: $0).contains("hunter2") } == false)
        }

        @Test(
            "an option that libpq does not know is named with the one that was meant, and never a part of a password",
            arguments: [
                ("prot=5 host=h", "prot", "did you mean port?"),
                ("postgresql://h/w?ssl_mode=require", "ssl_mode", "sslmode?"),
                ("host=h hunter2=5", nil, nil), ("postgresql://u:hunter2@h/db?hunter=1", nil, nil),
            ]
        )
        func unknownOption(_ url: String, _ key: String?, _ meant: String?) throws {
            let error = try #require(#expect(throws: PostgresError.self) { try settings(url) })
            #expect(error.code == .invalidSettings)
            if let key, let meant {
                #expect(error.message.contains(" \(key),"))
                #expect(error.remedy?.contains(meant) == true)
            } else {
                #expect(!"\(error)".contains("hunter"))
            }
        }

        @Test("trusted certificates are looked for where libpq looks")
        func rootCertificate() throws {
            #expect(LibpqHome.directory(version: .init(number: 150_000), variable: "/x", userEntry: "/y") == "/x")
            #expect(LibpqHome.directory(version: .init(number: 150_000), variable: "", userEntry: "/y") == "/y")
            #expect(LibpqHome.directory(version: .init(number: 150_000), variable: nil, userEntry: nil) == nil)
            #expect(LibpqHome.directory(version: .init(number: 140_017), variable: "/x", userEntry: "/y") == "/y")

            let home = "/tmp/registrar-home-\(UInt32.random(in: 0 ..< .max))"
            defer { try? FileManager.default.removeItem(atPath: home) }
            try FileManager.default.createDirectory(
                atPath: "\(home)/.postgresql",
                withIntermediateDirectories: true
            )
            let remote = "postgresql://db.example.org/w"
            let bundle = try settings(remote, ["HOME": home]).connectionOptions["sslrootcert"]
            #expect(bundle?.hasPrefix("/etc/") == true || bundle == nil)
            try Data().write(to: URL(fileURLWithPath: "\(home)/.postgresql/root.crt"))
            #expect(try settings(remote, ["HOME": home]).connectionOptions["sslrootcert"] == nil)
        }

        @Test("settings never show the password", .timeLimit(.minutes(1)))
        func password() async throws {
            let settings = try settings("postgresql://someone:hunter2@127.0.0.1:1/db")
            var dumped = ""
            dump(settings, to: &dumped)
            let error = await #expect(throws: PostgresError.self) { try await PostgresConnection.connect(settings) }
            #expect(error?.kind == .connection)
            #expect(error?.isRetryable == true)
            #expect(error.map { "\($0)".contains("connection refused") } == true)
            let texts = ["\(settings)", String(reflecting: settings), dumped, error.map { "\($0)" } ?? ""]
            for text in texts {
                #expect(!text.contains("hunter2"))
                #expect(text.contains("127.0.0.1:1/db"))
            }
        }

        @Test(
            "a host that is not local gets verify-full, whatever the variables say",
            arguments: [
                ("postgresql://db.example.org/w", ["PGSSLMODE": "disable"], "verify-full"),
                ("postgresql://db.example.org/w?sslmode=require", [:], "require"),
                ("postgresql:///w", ["PGHOST": "db.example.org"], "verify-full"),
                ("postgresql://localhost/w", ["PGHOSTADDR": "192.0.2.1"], "verify-full"),
                ("postgresql://localhost,db.example.org/w", [:], "verify-full"),
                ("postgresql://127.0.0.1.example.org/w", [:], "verify-full"),
                ("service=main", [:], "verify-full"), ("postgresql://localhost/w", ["PGSSLMODE": "disable"], "prefer"),
                ("postgresql://[::1]/w", ["PGSSLMODE": "require"], "require"),
                ("postgresql:///w?host=/run/pg", [:], "prefer"),
            ]
        )
        func tls(_ url: String, _ environment: [String: String], _ mode: String) throws {
            let effective = try settings(url, environment).effectiveTLSMode
            #expect(effective == mode)
        }

        @Test(
            "a URL that weakens TLS is warned of",
            arguments: [
                ("postgresql://db.example.org/w?sslmode=require", true), ("postgresql://db.example.org/w", false),
                ("postgresql://localhost/w?sslmode=disable", false),
            ]
        )
        func warning(_ url: String, _ isWarned: Bool) throws {
            let warning = try settings(url).tlsWarning
            #expect((warning != nil) == isWarned)
        }

        @Test("wrong database and wrong host are told apart, without a retry for the first", .timeLimit(.minutes(1)))
        func connectErrors() async throws {
            try await withTestConnection { connection, settings in
                let sockets = try await connection.query("SHOW unix_socket_directories").string(0, 0) ?? ""
                let missing = try PostgresSettings(url: "host=\(sockets) user=registrar dbname=missing")
                let wrong = await #expect(throws: PostgresError.self) { try await PostgresConnection.connect(missing) }
                #expect(wrong?.sqlState == "3D000")
                #expect(wrong?.isRetryable == false)
                _ = settings
            }
            let away = try settings("host=/nowhere dbname=w")
            let gone = await #expect(throws: PostgresError.self) { try await PostgresConnection.connect(away) }
            #expect(gone?.isRetryable == true)
        }

        @Test("a remote server without TLS is refused before the login", .timeLimit(.minutes(1)))
        func noTLS() async throws {
            let listener = try SilentListener(answer: [UInt8(ascii: "N")])
            defer { listener.stop() }
            let settings = try settings("postgresql://someone:hunter2@127.0.0.1:\(listener.port)/db?sslmode=require")
            let error = await #expect(throws: PostgresError.self) { try await PostgresConnection.connect(settings) }
            #expect(error?.kind == .configuration)
            #expect(listener.received.count == 8)  // the request for TLS, and not a byte more
        }

        @Test("a server that accepts and stays silent is given up at the deadline", .timeLimit(.minutes(1)))
        func silent() async throws {
            let listener = try SilentListener(answer: [])
            defer { listener.stop() }
            var settings = try settings("postgresql://someone@127.0.0.1:\(listener.port)/db")
            settings.connectDeadline = .milliseconds(300)
            let start = ContinuousClock.now
            let error = await #expect(throws: PostgresError.self) { try await PostgresConnection.connect(settings) }
            #expect(error?.isRetryable == true)
            #expect(ContinuousClock.now - start < .seconds(2))
        }

        @Test(
            "libpq versions with known faults are refused or advised against",
            arguments: [
                (150_020, false, false), (150_018, false, true), (150_011, true, true), (140_016, true, true),
                (160_008, false, true), (130_022, true, true), (180_000, false, true), (190_000, false, false),
            ]
        )
        func libraryVersions(_ number: Int, _ isRefused: Bool, _ isOutdated: Bool) {
            #expect(LibpqVersion(number: number).isRefused == isRefused)
            #expect(LibpqVersion(number: number).isOutdated == isOutdated)
        }

        @Test("names are quoted, and refused where PostgreSQL would cut them")
        func identifiers() throws {
            let name = try #require(SQLIdentifier("a\"; drop table x;--"))
            #expect("\(name)" == "\"a\"\"; drop table x;--\"")
            #expect(SQLIdentifier(String(repeating: "é", count: 32)) == nil)
            #expect(SQLIdentifier(String(repeating: "e", count: 63)) != nil)
            #expect(SQLIdentifier("") == nil)
            #expect(SQLIdentifier("a\0b") == nil)
        }
    }
}
