/// Turns a next-page link of a platform into a request, or stops the source.
package enum NextLink {
    /// Resolves `link` against the origin and API root that all requests of a source stay under.
    ///
    /// Accepted is a path on the same host, or a full address with the same scheme, host and port, whose path begins
    /// with the API root. Everything else (other origin, user name, fragment, dot segment, control character, more than
    /// 8 kB) is a security error before a byte is sent.
    ///
    /// Template, stream, headers and secret arguments of `request`, whose answer held the link, carry over; `arguments`
    /// are added where the link lacks them.
    ///
    /// - Parameter keepsPath: Whether only the link's query is followed, under the path of `request`: behind a gateway that
    ///   spells paths otherwise than the site it stands for.
    package static func resolve(
        _ link: String,
        origin: APIOrigin,
        root: String,
        following request: APIRequest,
        adding arguments: [(String, String)] = [],
        keepsPath: Bool = false
    ) throws(ExtractorError) -> APIRequest {
        guard link.utf8.count <= 8_192 else { throw refusal("is longer than 8 kB", request) }
        guard !link.isEmpty, link.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }) else {
            throw refusal("is empty or holds characters that have no place in a link", request)
        }
        guard !link.contains("#") else { throw refusal("has a fragment", request) }
        let target = try relativeTarget(of: link, origin: origin, request)
        let path = target.prefix { $0 != "?" }
        let query = target[path.endIndex...].dropFirst()
        try check(path, root: root, request)

        var next = request
        let ownPath = keepsPath ? try request.pathOnly() : String(path.dropFirst(root.utf8.count))
        next.path = .link(path: ownPath, query: String(query))
        let present = Set(PercentCoding.names(ofQuery: String(query)))
        next.query = arguments.filter { !present.contains($0.0) }.map { APIRequest.Argument($0.0, $0.1) }
        for argument in request.query {
            // A key is never part of a link we follow, so it is added again.
            if case .secret = argument.value, !present.contains(argument.name) { next.query.append(argument) }
        }
        return next
    }

    /// Returns path and query of `link` once scheme, host and port are known to be ours.
    private static func relativeTarget(
        of link: String,
        origin: APIOrigin,
        _ request: APIRequest
    ) throws(ExtractorError) -> Substring {
        if link.first == "/" {
            guard !link.hasPrefix("//") else { throw refusal("names another host", request) }
            return link[...]
        }
        guard let mark = link.firstRange(of: "://"),
            let scheme = APIOrigin.Scheme(rawValue: link[..<mark.lowerBound].lowercased())
        else { throw refusal("is neither a path nor an address of the web", request) }
        let rest = link[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw refusal("carries a user name", request) }
        guard let (host, port) = APIOrigin.hostAndPort(authority) else {
            throw refusal("has no plain host and port", request)
        }
        guard scheme == origin.scheme, host == origin.host, port ?? scheme.defaultPort == origin.port else {
            throw refusal("leads to another origin", request)
        }
        return rest[authority.endIndex...]
    }

    private static func check(_ path: Substring, root: String, _ request: APIRequest) throws(ExtractorError) {
        guard path.hasPrefix(root), path.dropFirst(root.count).first == "/" else {
            throw refusal("leads outside the API", request)
        }
        guard let decoded = PercentCoding.decode(path), decoded.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != 0x5C })
        else { throw refusal("has a broken path", request) }
        let segments = decoded.split(separator: 0x2F, omittingEmptySubsequences: false).dropFirst()
        for segment in segments where segment.elementsEqual([0x2E]) || segment.elementsEqual([0x2E, 0x2E]) {
            throw refusal("has dot segments", request)
        }
    }

    private static func refusal(_ reason: String, _ request: APIRequest) -> ExtractorError {
        var error = ExtractorError(.security, "the platform's link to the next page \(reason); nothing was sent to it")
        error.request = request.description
        error.stream = request.stream
        return error
    }
}
