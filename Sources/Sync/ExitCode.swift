/// What a command tells its caller: the codes of the public contract.
package enum ExitCode: Int32, Sendable {
    case done = 0
    /// Some sources failed or parts of a source could not be read, and the rest is done.
    case partial = 1
    case usage = 64
    /// Platform unreachable, or failing until the source was given up.
    case unavailable = 69
    case internalError = 70
    /// Warehouse failed.
    case warehouse = 74
    /// Another run holds the source, or the platform asks to wait.
    case tryLater = 75
    /// Credentials refused.
    case credentials = 77
    /// Configuration invalid.
    case configuration = 78
    /// Stopped by SIGINT.
    case interrupted = 130
    /// Stopped by SIGTERM.
    case terminated = 143
}
