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

    /// The same for a command that asks the platforms.
    ///
    /// - Throws: `ConfigurationError`; ``CommandFailure`` where it is the configuration of a demo that is over.
    static func configurationToAsk(_ options: GlobalOptions) throws -> RegistrarConfiguration {
        let configuration = try configuration(options)
        guard DemoPlace.isOver(configuration) else { return configuration }
        throw CommandFailure(
            .unavailable,
            "this is the demo's configuration, and its simulated school has ended with the demo; its data stays: "
                + "see `registrar status`. `registrar init` writes a configuration for a school of your own"
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
