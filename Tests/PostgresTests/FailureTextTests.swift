import RegistrarTesting
import Testing

@testable import Postgres

extension PostgresTests {
    @Suite struct FailureTextTests {
        private let target = ConnectFailure.Target(user: "loader", database: "nodb")

        @Test(
            "a cause is told only where its SQLSTATE leaves no doubt",
            arguments: [
                ("0A000", "PostgreSQL refused a statement"), ("42601", "PostgreSQL refused a statement"),
                ("21000", "PostgreSQL refused a statement"), ("22023", "PostgreSQL refused a statement"),
                ("ZZ123", "PostgreSQL refused a statement"), ("XX000", "PostgreSQL met an internal error"),
                ("XX001", "PostgreSQL reports damaged data"), ("22P02", "PostgreSQL refused a value"),
                ("53100", "the database server's disk is full"), ("28P01", "the password was refused"),
                ("P0001", "a function or trigger of the database refused the statement"),
            ]
        )
        func causes(_ sqlState: String, _ cause: String) {
            #expect(FailureText(sqlState: sqlState).cause == cause)
        }

        @Test("the SQLSTATE and its standard name stand in every message")
        func names() {
            let known = PostgresError(.server, "PostgreSQL refused a statement", sqlState: "42601")
            #expect("\(known)" == "PostgreSQL refused a statement (SQLSTATE 42601 syntax_error)")
            let own = PostgresError(.server, "PostgreSQL refused a statement", remedy: "look", sqlState: "ZZ123")
            #expect("\(own)" == "PostgreSQL refused a statement (SQLSTATE ZZ123); look")
            #expect(SQLStateName.name(of: "0A000") == "feature_not_supported")
            #expect(SQLStateName.name(of: "42501") == "insufficient_privilege")
        }

        @Test(
            "an object is named where the server tells it in words only",
            arguments: [
                ("42501", "permission denied for table courses", "table courses"),
                ("42501", "permission denied for schema sync", "schema sync"),
                ("42501", "must be owner of materialized view totals", "materialized view totals"),
                ("42501", "new row violates row-level security policy for table \"courses\"", "courses"),
                ("42P01", "relation \"lms.courses\" does not exist", "lms.courses"),
                ("42883", "function sync.ensure_indexes() does not exist", "sync.ensure_indexes()"),
                ("3F000", "schema \"lms\" does not exist", "lms"),
                ("22P02", "invalid input syntax for type integer: \"ada\"", nil),
                ("42501", "permission denied for table \"ada lovelace\"", nil),
                ("42501", "droit refusé pour la table courses", nil), (nil, "relation \"x\"", nil),
            ]
        )
        func objects(_ sqlState: String?, _ message: String, _ object: String?) {
            #expect(RefusedObject.name(sqlState: sqlState, message: message) == object)
        }

        @Test(
            "each refused login has a sentence of its own",
            arguments: [
                (
                    "connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  3D000: database \"nodb\" does not exist\n"
                        + "LOCATION:  InitPostgres, postinit.c:941",
                    "3D000", "the database nodb does not exist", "CREATE DATABASE nodb OWNER loader"
                ),
                (
                    "connection to server on socket \"/run/.s.PGSQL.5432\" failed: FATAL:  28000: role \"loader\" does not exist",
                    "28000", "the role loader does not exist", "CREATE ROLE loader LOGIN"
                ),
                (
                    "failed: FATAL:  28000: role \"loader\" is not permitted to log in", "28000", "may not log in",
                    "LOGIN"
                ),
                (
                    "failed: FATAL:  28000: no pg_hba.conf entry for host \"10.0.0.1\", user \"loader\"", "28000",
                    "pg_hba.conf", "add one"
                ),
                (
                    "failed: FATAL:  28000: Peer authentication failed for user \"loader\"", "28000",
                    "one user of the system", "run"
                ),
                (
                    "échec : FATAL:  28000: le rôle « loader » n'existe pas", "28000", "it is unknown, may not log in",
                    "log"
                ),
                (
                    "failed: FATAL:  28P01: password authentication failed for user \"loader\"", "28P01",
                    "the password for the role loader was refused", "PGPASSWORD"
                ),
                (
                    "failed: FATAL:  42501: permission denied for database \"nodb\"\nDETAIL:  User does not have CONNECT.",
                    "42501", "may not connect to the database nodb", "GRANT CONNECT ON DATABASE nodb TO loader"
                ),
                ("failed: FATAL:  57P03: the database system is starting up", "57P03", "takes no connections", "again"),
                ("failed: Connection refused", nil, "connection refused", ""),
            ]
        )
        func logins(_ message: String, _ sqlState: String?, _ cause: String, _ remedy: String) {
            let failure = ConnectFailure(message: message, target: target)
            #expect(failure.sqlState == sqlState)
            #expect(failure.cause?.contains(cause) == true, "\(failure.cause ?? "")")
            #expect(remedy.isEmpty || failure.remedy?.contains(remedy) == true, "\(failure.remedy ?? "")")
        }

        @Test("a name that may hold a part of a password is not shown, and one that needs quotes gets them")
        func loginNames() {
            let message = "failed: FATAL:  3D000: database \"x\" does not exist"
            let odd = ConnectFailure(message: message, target: .init(user: "u:hunter2", database: "My Data"))
            #expect(!"\(odd)".contains("hunter2"))
            let quoted = ConnectFailure(message: message, target: .init(user: "user", database: "Data"))
            #expect(quoted.remedy?.contains("CREATE DATABASE \"Data\" OWNER \"user\"") == true)
        }

        @Test("a server answers an unknown role and an unknown database with its own code", .timeLimit(.minutes(1)))
        func realLogins() async throws {
            try await withTestConnection { connection, _ in
                let sockets = try await connection.query("SHOW unix_socket_directories").string(0, 0) ?? ""
                let role = try PostgresSettings(url: "host=\(sockets) user=nobody_here dbname=postgres")
                let unknown = await #expect(throws: PostgresError.self) { try await PostgresConnection.connect(role) }
                #expect(unknown?.sqlState == "28000")
                #expect(unknown.map { "\($0)" }?.contains("the role nobody_here does not exist") == true)
                #expect(unknown?.remedy == "create it: CREATE ROLE nobody_here LOGIN")
                #expect(unknown?.isRetryable == false)
                let database = try PostgresSettings(url: "host=\(sockets) user=registrar dbname=missing")
                let missing = await #expect(throws: PostgresError.self) {
                    try await PostgresConnection.connect(database)
                }
                #expect(missing.map { "\($0)" }?.contains("the database missing does not exist") == true)
                #expect(missing.map { "\($0)" }?.contains("SQLSTATE 3D000 invalid_catalog_name") == true)
            }
        }

        @Test("a session that others have used is a pooler's in transaction mode", .timeLimit(.minutes(1)))
        func pooledSession() async throws {
            try await withTestDatabase { url in
                let used = url + "&options=-c%20registrar.session%3Dtaken"
                let error = await #expect(throws: PostgresError.self) {
                    try await PostgresConnection.connect(try PostgresSettings(url: used))
                }
                #expect(error.map { "\($0)" }?.contains("a pooler in transaction mode") == true)
                #expect(error?.remedy?.contains("connect directly, or through the pooler in session mode") == true)
                #expect(error?.isRetryable == false)
                let fresh = try await PostgresConnection.connect(try PostgresSettings(url: url))
                await fresh.close()
            }
        }
    }
}
