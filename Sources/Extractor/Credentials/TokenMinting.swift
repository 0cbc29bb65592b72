/// How a platform hands out tokens.
package protocol TokenMinting: Sendable {
    /// Asks for one token.
    ///
    /// Called by one task at a time. `client` sends no credentials of its own, is paced like every call, and counts
    /// what it sends as token calls. Throws ``ExtractorError``; `credentialsRefused` is final for the source.
    func mint(using client: APIClient) async throws -> MintedToken
}

/// A token as the platform answered it.
package struct MintedToken: Sendable {
    /// What the platform handed out.
    package let token: Secret
    /// The life it stated, in seconds; `nil` where it stated none or something else than a number.
    package let statedLife: Double?
    /// The header that carries it; the default is `Authorization: Bearer`.
    package let header: APIRequest.Argument

    package init(token: Secret, statedLife: Double?, header: APIRequest.Argument? = nil) {
        self.token = token
        self.statedLife = statedLife
        self.header = header ?? APIRequest.Argument("Authorization", Secret("Bearer " + token.reveal { $0 }))
    }

    /// The life to count with: what was stated, or 60 s where that is missing, zero, negative or absurd.
    var life: Duration {
        guard let statedLife, statedLife.isFinite, statedLife > 0, statedLife <= 10 * 366 * 86_400 else {
            return .seconds(60)
        }
        return .milliseconds(Int64((statedLife * 1_000).rounded(.down)))
    }

    /// Whether the token can stand in a header: visible ASCII, at most 16 kB.
    var isUsable: Bool {
        token.reveal { text in
            !text.isEmpty && text.utf8.count <= 16_384 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }
    }
}
