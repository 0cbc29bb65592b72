import Foundation
import Logging
import Settings
import Sync

/// Makes what the commands work with from the global options.
enum ServiceFactory {
    /// The configuration the options name.
    ///
    /// - Parameter use: What the command needs of it.
    static func configuration(
        _ options: GlobalOptions,
        for use: ConfigurationUse = .platforms
    ) throws(ConfigurationError) -> RegistrarConfiguration {
        try RegistrarConfiguration.load(
            path: options.config,
            environment: ProcessInfo.processInfo.environment,
            for: use
        )
    }

    /// The service for one command, whose name shows in the warehouse's list of sessions.
    static func service(
        _ configuration: RegistrarConfiguration,
        command: String,
        console: Console
    ) -> SyncService {
        // `doctor` lists all warnings itself.
        if command != "doctor" { warn(of: configuration, console.logger) }
        return SyncService(
            configuration: configuration,
            warehouse: WarehouseAccess(url: configuration.warehouseURL, command: command),
            logger: console.logger,
            progress: console.progress
        )
    }

    /// Says in every run what is wrong with how secrets are kept.
    private static func warn(of configuration: RegistrarConfiguration, _ logger: Logger) {
        for warning in configuration.warnings where warning.isAboutSecrets {
            let place = warning.line.map { "\(configuration.file):\($0): " } ?? ""
            logger.warning("\(place)\(warning.message); \(warning.remedy)")
        }
    }
}
