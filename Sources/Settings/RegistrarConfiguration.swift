package import Platforms

/// Everything `registrar.yaml` says, checked and with the defaults filled in.
package struct RegistrarConfiguration: Sendable {
    /// The file it was read from, as named by the user.
    package var file: String
    /// libpq's URI or conninfo; `nil` means the embedded PostgreSQL.
    package var warehouseURL: String?
    /// The sources in the order of the file; at least one for a command that asks platforms.
    package var sources: [SourceSettings]
    /// When `serve` runs each source, by source id.
    package var schedules: [String: SourceSchedule]
    /// The long-running service.
    package var serve: ServeSettings
    /// What works and should not stay as it is.
    package var warnings: [ConfigurationWarning]

    package init(
        file: String,
        warehouseURL: String? = nil,
        sources: [SourceSettings],
        schedules: [String: SourceSchedule] = [:],
        serve: ServeSettings = ServeSettings(),
        warnings: [ConfigurationWarning] = []
    ) {
        self.file = file
        self.warehouseURL = warehouseURL
        self.sources = sources
        self.schedules = schedules
        self.serve = serve
        self.warnings = warnings
    }

    /// Reads the configuration that the command line, the environment or the default places name.
    ///
    /// - Parameters:
    ///   - path: What `--config` says; `nil` searches `REGISTRAR_CONFIG`, then `registrar.yaml`, then
    ///     `/etc/registrar/registrar.yaml`.
    ///   - environment: Variables for the search and for `${VAR}`.
    ///   - use: What the command needs; what it does not need is not looked for.
    /// - Returns: The checked configuration.
    /// - Throws: Every problem of the file at once.
    package static func load(
        path: String?,
        environment: [String: String],
        for use: ConfigurationUse = .platforms
    ) throws(ConfigurationError) -> RegistrarConfiguration {
        let found = try ConfigurationFile.find(path: path, environment: environment)
        let file = try ConfigurationFile.read(found)
        return try RegistrarConfiguration(
            parsing: file.bytes,
            file: file.name,
            fileMode: file.mode,
            environment: environment,
            for: use
        )
    }

    /// Reads a configuration from the bytes of its file.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, with or without a byte order mark.
    ///   - file: The name used in messages.
    ///   - fileMode: Permission bits of the file, where known.
    ///   - environment: Variables for `${VAR}` and `REGISTRAR_PSEUDONYM_KEY`.
    ///   - use: What the command needs; what it does not need is not looked for.
    ///   - kinds: The kinds of sources that may be named.
    /// - Throws: Every problem of the file at once.
    package init(
        parsing bytes: [UInt8],
        file: String,
        fileMode: UInt32? = nil,
        environment: [String: String],
        for use: ConfigurationUse = .platforms,
        kinds: [KindDescription] = PlatformRegistry.kinds
    ) throws(ConfigurationError) {
        let diagnostics = Diagnostics(file: file)
        let reader = ConfigurationReader(
            diagnostics: diagnostics,
            environment: environment,
            kinds: kinds,
            fileMode: fileMode,
            use: use
        )
        let configuration = reader.read(bytes)
        if let error = diagnostics.error { throw error }
        guard let configuration else {
            throw ConfigurationError(ConfigurationProblem(file: file, message: "the file could not be read"))
        }
        self = configuration
    }
}
