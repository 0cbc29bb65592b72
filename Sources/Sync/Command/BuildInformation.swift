/// What this binary is.
package enum BuildInformation {
    /// The version that runs are recorded with.
    package static let version = "0.1.0"
}
