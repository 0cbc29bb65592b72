/// What a source's stored rows were loaded from, and in which form they are.
package struct SourceOrigin: Sendable, Equatable {
    /// The platform's kind.
    package var kind: String
    /// The platform's base address, without credentials.
    package var url: String
    /// Digest of the settings that decide what is stored.
    package var configDigest: String?
    /// The settings that decide what rows look like, as a JSON object.
    package var storedForm: String

    package init(kind: String, url: String, configDigest: String?, storedForm: String) {
        self.kind = kind
        self.url = url
        self.configDigest = configDigest
        self.storedForm = storedForm
    }
}
