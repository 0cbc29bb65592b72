import Foundation
import Settings
import Sync

/// Makes what the commands work with from the global options.
enum ServiceFactory {
    /// The configuration the options name.
    static func configuration(_ options: GlobalOptions) throws(ConfigurationError) -> RegistrarConfiguration {
        try RegistrarConfiguration.load(path: options.config, environment: ProcessInfo.processInfo.environment)
    }

    /// The service for one command, whose name shows in the warehouse's list of sessions.
    static func service(
        _ configuration: RegistrarConfiguration,
        command: String,
        console: Console
    ) -> SyncService {
        SyncService(
            configuration: configuration,
            warehouse: WarehouseAccess(url: configuration.warehouseURL, command: command),
            logger: console.logger,
            progress: console.progress
        )
    }
}
