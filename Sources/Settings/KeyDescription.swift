/// One key of `registrar.yaml`: what it is called, how it looks and what it means.
///
/// The check for unknown keys, the file that `init` writes and the reference are made from these.
package struct KeyDescription: Sendable {
    /// As it is written.
    package var name: String
    /// An example value, in YAML.
    package var example: String
    /// The value when the key is absent, for people; empty where there is none.
    package var defaultText: String
    /// One line for the reference.
    package var help: String

    init(_ name: String, example: String = "", default defaultText: String = "", _ help: String) {
        self.name = name
        self.example = example
        self.defaultText = defaultText
        self.help = help
    }

    /// A key with a default, which is its example, too.
    init(_ name: String, standard: String, _ help: String) {
        self.init(name, example: standard, default: standard, help)
    }
}
