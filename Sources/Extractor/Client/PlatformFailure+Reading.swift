import JSON

extension PlatformFailure {
    /// Reads what an error answer says of itself, in any of the shapes that platforms use.
    ///
    /// `{"errors": [{code, context, message}]}`, `{code, context, message, developerMessage}`,
    /// `{"error": "text", error_description}` and `{"error": {…}}`.
    init(reading document: JSONDocument) {
        self.init()
        document.withRoot { root in
            guard root.kind == .object else { return }
            read(root)
            if let errors = root["errors"], errors.kind == .array,
                let first = errors.elements.first(where: { _ in true })
            {
                if first.kind == .object { read(first) } else { message = message ?? first.string }
            }
            guard let error = root["error"] else { return }
            if error.kind == .object {
                read(error)
            } else if let text = error.string {
                // With a description beside it the word is the platform's code for it.
                if root["error_description"]?.string != nil { code = code ?? text } else { message = message ?? text }
            }
        }
    }

    private mutating func read(_ object: JSONValue) {
        code = code ?? object["code"].flatMap { $0.string ?? $0.numberToken }
        context = context ?? object["context"]?.string
        message =
            message ?? object["message"]?.string ?? object["developerMessage"]?.string
            ?? object["error_description"]?.string ?? object["detail"]?.string
    }

    /// The same with what only the other knows.
    func completed(by other: PlatformFailure) -> PlatformFailure {
        PlatformFailure(
            code: code ?? other.code,
            context: context ?? other.context,
            message: message ?? other.message,
            exitClass: exitClass
        )
    }
}
