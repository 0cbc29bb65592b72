import Foundation
import Postgres
import Testing

extension PostgresTests {
    @Suite struct EmbeddedServerTests {
        private func withDirectory(_ body: (String) async throws -> Void) async throws {
            let directory = "/tmp/registrar-embedded-\(UInt32.random(in: 0 ..< .max))"
            do {
                try await body(directory)
            } catch {
                try? await EmbeddedServer.stop(dataDirectory: directory)
                try? FileManager.default.removeItem(atPath: directory)
                throw error
            }
            try await EmbeddedServer.stop(dataDirectory: directory)
            try FileManager.default.removeItem(atPath: directory)
        }

        private func countRows(_ url: String) async throws -> Int64? {
            try await PostgresConnection.withConnection(PostgresSettings(url: url)) { connection in
                try await connection.query("SELECT count(*) FROM kept.rows").int(0, 0)
            }
        }

        @Test("a folder that cannot be made is told with the reason and the variable that names another")
        func unusableFolder() async throws {
            let file = "/tmp/registrar-file-\(UInt32.random(in: 0 ..< .max))"
            defer { try? FileManager.default.removeItem(atPath: file) }
            try Data().write(to: URL(fileURLWithPath: file))
            let error = await #expect(throws: PostgresError.self) {
                try await EmbeddedServer.start(dataDirectory: "\(file)/data")
            }
            #expect(error?.message.hasPrefix("cannot create \(file)/data: ") == true, "\(error?.message ?? "")")
            #expect(error?.message.hasSuffix("Not a directory") == true, "\(error?.message ?? "")")
            #expect(error?.remedy?.contains("REGISTRAR_DATA_DIR") == true)
        }

        @Test("a server starts, is found running, stops, and comes back with its rows", .timeLimit(.minutes(2)))
        func lifeCycle() async throws {
            try await withDirectory { directory in
                #expect(try await EmbeddedServer.status(dataDirectory: directory) == .absent)
                let first = try await EmbeddedServer.start(dataDirectory: directory)
                #expect(try await EmbeddedServer.status(dataDirectory: directory) == .running(url: first.url))
                try await PostgresConnection.withConnection(PostgresSettings(url: first.url)) { connection in
                    _ = try await connection.execute(
                        "CREATE SCHEMA kept; CREATE TABLE kept.rows (id int); INSERT INTO kept.rows VALUES (1), (2)"
                    )
                    let settings = try await connection.query(
                        """
                        SELECT current_setting('fsync'), current_setting('listen_addresses'), current_database(),
                               current_setting('unix_socket_permissions'), pg_encoding_to_char(encoding), datcollate
                        FROM pg_database WHERE datname = current_database()
                        """
                    )
                    let values = try (0..<6).map { try settings.string(0, $0) }
                    #expect(values == ["on", "", "warehouse", "0700", "UTF8", "C"])
                }
                let again = try await EmbeddedServer.start(dataDirectory: directory)
                #expect(again.url == first.url)
                #expect(try await countRows(again.url) == 2)

                try await again.stop()
                try await again.stop()
                #expect(try await EmbeddedServer.status(dataDirectory: directory) == .stopped)
                let stopped = await #expect(throws: PostgresError.self) { try await countRows(first.url) }
                #expect(stopped?.isRetryable == true)

                let third = try await EmbeddedServer.start(dataDirectory: directory)
                #expect(try await countRows(third.url) == 2)
            }
        }

        @Test("two callers that start the same server at once get the same one", .timeLimit(.minutes(2)))
        func concurrentStart() async throws {
            try await withDirectory { directory in
                async let one = EmbeddedServer.start(dataDirectory: directory, isDurable: false)
                async let two = EmbeddedServer.start(dataDirectory: directory, isDurable: false)
                let urls = try await [one.url, two.url]
                #expect(urls[0] == urls[1])
                #expect(try await EmbeddedServer.status(dataDirectory: directory) == .running(url: urls[0]))
            }
        }

        @Test(
            "a path too long for a socket works, and nobody else can enter the socket's folder",
            .timeLimit(.minutes(2))
        )
        func longPath() async throws {
            try await withDirectory { directory in
                let deep = directory + "/" + String(repeating: "deep", count: 30)
                let server = try await EmbeddedServer.start(dataDirectory: deep, isDurable: false)
                let socketDirectory = try await PostgresConnection.withConnection(PostgresSettings(url: server.url)) {
                    try await $0.query("SHOW unix_socket_directories").string(0, 0) ?? ""
                }
                let attributes = try FileManager.default.attributesOfItem(atPath: socketDirectory)
                #expect(attributes[.posixPermissions] as? Int == 0o700)
                try await server.stop()
                try FileManager.default.removeItem(atPath: socketDirectory)
            }
        }

        @Test("data of a version that is not installed names the package to install")
        func foreignVersion() async throws {
            let directory = "/tmp/registrar-embedded-\(UInt32.random(in: 0 ..< .max))"
            let data = directory + "/postgresql/data"
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: directory) }
            try Data("99\n".utf8).write(to: URL(fileURLWithPath: data + "/PG_VERSION"))
            let error = await #expect(throws: PostgresError.self) {
                try await EmbeddedServer.start(dataDirectory: directory)
            }
            #expect(error?.code == .notInstalled)
            #expect(error?.description.contains("postgresql-99") == true)
        }
    }
}
