package import Loader
import Postgres

/// How the warehouse is reached: a configured server, or the embedded one.
package struct WarehouseAccess: Sendable {
    /// libpq's URI or conninfo; `nil` means the embedded PostgreSQL.
    package let url: String?
    /// The command, for the name under which the connections show on the server.
    package let command: String

    package init(url: String?, command: String) {
        self.url = url
        self.command = command
    }

    /// Opens the warehouse, starting the embedded server where it is used.
    ///
    /// - Parameter onWait: Told of waits for the server that take long.
    package func open(onWait: @escaping @Sendable (WarehouseWait) -> Void = { _ in }) async throws -> Warehouse {
        Warehouse(settings: try await settings(), onWait: onWait)
    }

    func settings() async throws -> PostgresSettings {
        try settings(address: await address())
    }

    private func address() async throws -> String {
        guard let url else { return try await EmbeddedServer.start().url }
        return url
    }

    private func settings(address: String) throws -> PostgresSettings {
        try PostgresSettings(url: address, applicationName: "registrar/\(command)")
    }
}
