/// One request to a platform, as a value that prints no argument's value.
///
/// The address as text exists only where the client sends it. Paths are relative to the client's API root.
package struct APIRequest: Sendable {
    /// The methods a read-only connector needs.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// What a request carries besides its address.
    package enum Body: Sendable {
        /// Nothing.
        case none
        /// `application/x-www-form-urlencoded`.
        case form([Argument])
        /// `application/json`, built by the platform; a secret because token requests carry one.
        case json(Secret)
    }

    /// A named value, plain or secret.
    package struct Argument: Sendable {
        /// How the value is held.
        package enum Value: Sendable {
            case plain(String)
            case secret(Secret)
        }

        /// The name, which logs and errors may show.
        package let name: String
        /// The value, which they may not.
        package let value: Value

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = .plain(value)
        }

        package init(_ name: String, _ secret: Secret) {
            self.name = name
            self.value = .secret(secret)
        }
    }

    /// Where a path comes from.
    enum Path: Sendable {
        /// Our own template and its arguments.
        case template(arguments: [String])
        /// A checked link of the platform: path and query, already encoded.
        case link(path: String, query: String)
    }

    /// GET unless said otherwise.
    package var method: Method
    /// Our own path below the API root, with `{name}` for each argument.
    package let pathTemplate: String
    var path: Path
    /// Arguments of the query, in order; secret ones are only named in texts.
    package var query: [Argument]
    /// Further headers; the client adds the common ones and the credentials.
    package var headers: [Argument]
    /// What the request carries.
    package var body: Body
    /// The stream the request is made for: it labels counts and errors.
    package var stream: String
    /// Overrides the limit of the whole call, head and body.
    package var timeLimit: Duration?
    /// Overrides the limit of the answer's size.
    package var byteLimit: Int?
    /// Whether ``Page/bodyHash`` is wanted.
    package var hashesBody: Bool

    /// Makes a request; `pathTemplate` is a constant of ours, everything that varies goes into the arguments.
    ///
    /// `pathArguments` holds one value for each `{name}` of the template, in order, encoded when the request is sent;
    /// `secretQuery` holds arguments whose value is a secret, such as a key.
    package init(
        _ method: Method,
        _ pathTemplate: String,
        pathArguments: [String] = [],
        query: [(String, String)] = [],
        secretQuery: [(String, Secret)] = [],
        headers: [(String, String)] = [],
        body: Body = .none,
        stream: String
    ) {
        self.method = method
        self.pathTemplate = pathTemplate
        self.path = .template(arguments: pathArguments)
        self.query = query.map { Argument($0.0, $0.1) } + secretQuery.map { Argument($0.0, $0.1) }
        self.headers = headers.map { Argument($0.0, $0.1) }
        self.body = body
        self.stream = stream
        self.hashesBody = false
    }

    /// Makes a GET request; see ``init(_:_:pathArguments:query:secretQuery:headers:body:stream:)``.
    package init(
        _ pathTemplate: String,
        pathArguments: [String] = [],
        query: [(String, String)] = [],
        secretQuery: [(String, Secret)] = [],
        headers: [(String, String)] = [],
        stream: String
    ) {
        self.init(
            .get,
            pathTemplate,
            pathArguments: pathArguments,
            query: query,
            secretQuery: secretQuery,
            headers: headers,
            stream: stream
        )
    }

    /// Returns the request with the query argument `name` set to `value`, appended where it was not there.
    package func settingQuery(_ name: String, to value: String) -> APIRequest {
        var copy = self
        if let index = copy.query.firstIndex(where: { $0.name == name }) {
            copy.query[index] = Argument(name, value)
        } else {
            copy.query.append(Argument(name, value))
        }
        return copy
    }

    /// The values that an answer may echo and no text may show.
    var echoedValues: [String] {
        var values: [String] = []
        if case .template(let arguments) = path { values = arguments }
        for argument in query {
            if case .plain(let value) = argument.value { values.append(value) }
        }
        return values.filter { $0.utf8.count >= 4 }
    }

    /// The secrets this request itself carries.
    var ownSecrets: [Secret] {
        var secrets: [Secret] = []
        func collect(_ arguments: [Argument]) {
            for case .secret(let secret) in arguments.map(\.value) { secrets.append(secret) }
        }
        collect(query)
        collect(headers)
        if case .form(let arguments) = body { collect(arguments) }
        return secrets
    }
}

extension APIRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        let names: [String]
        if case .link(_, let query) = path {
            names = PercentCoding.names(ofQuery: query)
        } else {
            names = self.query.map(\.name)
        }
        let suffix = names.isEmpty ? "" : "?" + names.joined(separator: "&")
        return "\(method.rawValue) \(pathTemplate)\(suffix)"
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}
