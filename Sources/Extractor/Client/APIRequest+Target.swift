extension APIRequest {
    /// Builds path and query below `root`.
    ///
    /// The result may hold a key: it goes into the transport and nowhere else.
    func target(root: String) throws(ExtractorError) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(128)
        output.append(contentsOf: root.utf8)
        switch path {
        case .link(let path, let query):
            output.append(contentsOf: path.utf8)
            if !query.isEmpty {
                output.append(0x3F)
                output.append(contentsOf: query.utf8)
            }
            if !self.query.isEmpty {
                output.append(query.isEmpty ? 0x3F : 0x26)
                Self.append(self.query, to: &output)
            }
        case .template(let arguments):
            try appendTemplate(arguments, to: &output)
            if !query.isEmpty {
                output.append(0x3F)
                Self.append(query, to: &output)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The path below the API root, encoded, without a query.
    func pathOnly() throws(ExtractorError) -> String {
        switch path {
        case .link(let path, _): return path
        case .template(let arguments):
            var output: [UInt8] = []
            try appendTemplate(arguments, to: &output)
            return String(decoding: output, as: UTF8.self)
        }
    }

    /// A value that is equal for equal requests: method, path, query and form, secrets left out.
    package func fingerprint() -> Int {
        var hasher = Hasher()
        hasher.combine(method.rawValue)
        switch path {
        case .link(let path, let query):
            hasher.combine(path)
            hasher.combine(query)
        case .template(let arguments):
            hasher.combine(pathTemplate)
            hasher.combine(arguments)
        }
        var arguments = query
        if case .form(let form) = body { arguments += form }
        for argument in arguments {
            hasher.combine(argument.name)
            if case .plain(let value) = argument.value { hasher.combine(value) }
        }
        return hasher.finalize()
    }

    /// Appends `name=value&…`, encoded.
    static func append(_ arguments: [Argument], to output: inout [UInt8]) {
        var isFirst = true
        for argument in arguments {
            if !isFirst { output.append(0x26) }
            isFirst = false
            PercentCoding.append(argument.name, to: &output)
            output.append(0x3D)
            switch argument.value {
            case .plain(let value): PercentCoding.append(value, to: &output)
            case .secret(let secret): secret.reveal { PercentCoding.append($0, to: &output) }
            }
        }
    }

    private func appendTemplate(_ arguments: [String], to output: inout [UInt8]) throws(ExtractorError) {
        guard pathTemplate.utf8.first == 0x2F else {
            throw ExtractorError(.invalidRequest, "path template \(pathTemplate) must begin with a slash")
        }
        var next = 0
        var isInName = false
        for byte in pathTemplate.utf8 {
            switch byte {
            case 0x7B:
                guard next < arguments.count else {
                    throw ExtractorError(.invalidRequest, "path template \(pathTemplate) lacks an argument")
                }
                let argument = arguments[next]
                guard Self.isSafeSegment(argument) else {
                    throw ExtractorError(
                        .invalidRequest,
                        "an argument of path template \(pathTemplate) is empty, a dot segment or has control characters"
                    )
                }
                PercentCoding.append(argument, to: &output)
                next += 1
                isInName = true
            case 0x7D: isInName = false
            default: if !isInName { output.append(byte) }
            }
        }
        guard next == arguments.count else {
            throw ExtractorError(.invalidRequest, "path template \(pathTemplate) has too many arguments")
        }
    }

    /// An id must not climb out of its place, however a server decodes it.
    private static func isSafeSegment(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return false }
        return !text.split(whereSeparator: { $0 == "/" || $0 == "\\" }).contains { $0 == "." || $0 == ".." }
            && text.utf8.count <= 1_024
    }
}
