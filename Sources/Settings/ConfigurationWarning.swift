/// Something in the configuration that works and should not stay as it is; `doctor` prints it.
package struct ConfigurationWarning: Sendable, Equatable {
    /// Line in the configuration file, counted from 1; `nil` for what the environment causes.
    package var line: Int?
    /// What was found; never holds a secret.
    package var message: String
    /// What to do about it.
    package var remedy: String
    /// Whether others may read a secret, or it stands where it should not: every run says so, not `doctor` alone.
    package var isAboutSecrets = false

    package init(line: Int? = nil, message: String, remedy: String) {
        self.line = line
        self.message = message
        self.remedy = remedy
    }
}
