/// What a command needs of the configuration.
package enum ConfigurationUse: Sendable {
    /// All of it: the command asks platforms.
    case platforms
    /// The sources without their credentials, of which there may be none: the command looks at the warehouse alone.
    case sources
    /// The warehouse alone.
    case warehouse
}
