/// A place in the code where messages for the user are made, and how they are found there.
struct MessageMaker {
    /// Where the message stands.
    enum Form {
        /// Calls of `name`; the message is the argument at this place, which has no label.
        case position(Int)
        /// Calls of `name`; the message is the argument with this label.
        case label(String)
        /// What is assigned to `name`.
        case assigned
        /// The braces behind `name`, the beginning of a declaration: every text in them of at least ten letters.
        case body
    }

    /// The word in front of the parenthesis; with a leading dot only calls of a member count.
    let name: String
    let form: Form
    /// How the path of a file has to begin or end, below `Sources/`.
    let place: String
    /// The exit codes of a command that ends with the message.
    let exit: MessageExit

    init(_ name: String, _ form: Form, in place: String = "", exit: MessageExit) {
        (self.name, self.form, self.place, self.exit) = (name, form, place, exit)
    }

    /// The name without the dot.
    var word: String { name.hasPrefix(".") ? String(name.dropFirst()) : name }

    func covers(_ path: String) -> Bool { path.hasPrefix(place) || path.hasSuffix(place) }
}

/// A call, or another place, that makes messages.
struct MessageSite {
    struct Argument {
        var label: String?
        var tokens: [SwiftToken]

        var source: String { (label.map { "\($0): " } ?? "") + MessageExpression.source(tokens) }
    }

    var path: String
    var line: Int
    var arguments: [Argument] = []

    var place: String { "\(path):\(line)" }

    /// The argument with the label, as it is written.
    func argument(_ label: String) -> String? {
        arguments.first { $0.label == label }.map { MessageExpression.source($0.tokens) }
    }

    /// The argument at a place, as it is written; `nil` where it has a label.
    func argument(at place: Int) -> String? {
        guard arguments.indices.contains(place), arguments[place].label == nil else { return nil }
        return MessageExpression.source(arguments[place].tokens)
    }

    /// The argument in which a maker of this form has its message.
    func message(_ form: MessageMaker.Form) -> Argument? {
        switch form {
        case .position(let place):
            arguments.indices.contains(place) && arguments[place].label == nil ? arguments[place] : nil
        case .label(let label): arguments.first { $0.label == label }
        case .assigned, .body: nil
        }
    }
}

/// The exit codes of a command that ends with a message, each as the page writes it: a number, or `none`.
struct MessageExit: Sendable {
    /// `nil` where the place makes no message that asks for anything.
    let exits: @Sendable (MessageSite) -> Set<String>?

    static let none = MessageExit { _ in ["none"] }

    static func codes(_ codes: Int32...) -> MessageExit { MessageExit { _ in Set(codes.map { "\($0)" }) } }

    /// What the first argument, a name such as `.refused`, stands for in `names`.
    ///
    /// A name that is not among them is told as it is, so that the comparison with the page fails.
    static func named(_ names: [String: Set<String>], label: String? = nil) -> MessageExit {
        MessageExit { site in
            guard let written = label.map({ site.argument($0) }) ?? site.argument(at: 0), written.hasPrefix(".") else {
                return []
            }
            return names[String(written.dropFirst())] ?? ["? \(written)"]
        }
    }
}
