/// What a call carries to show who is asking.
package struct Authorization: Sendable {
    /// Headers to set, secret.
    package let headers: [APIRequest.Argument]
    /// Counts the tokens of a source, so that an old refusal is told from a new one.
    package let generation: Int
    /// When the token was asked for (monotonic); `nil` for what is never renewed.
    package let mintedAt: Duration?
    /// When the token runs out (monotonic); `nil` for what never does.
    package let expiresAt: Duration?

    package init(
        headers: [APIRequest.Argument],
        generation: Int = 0,
        mintedAt: Duration? = nil,
        expiresAt: Duration? = nil
    ) {
        self.headers = headers
        self.generation = generation
        self.mintedAt = mintedAt
        self.expiresAt = expiresAt
    }
}

/// Who gives out credentials for the calls of one source.
package protocol Credentialing: Sendable {
    /// Whether a refusal may be answered with a new token.
    var canRenew: Bool { get }
    /// The generation of the newest token.
    var generation: Int { get }
    /// What must never show in a message.
    var secrets: [Secret] { get }
    /// Returns what the next call carries, renewing it first where that is due.
    func authorize() async throws -> Authorization
    /// Gets a token newer than `generation`, which was refused; returns at once where there already is one.
    func renew(refused generation: Int) async throws
    /// Notes that a call went out with the token of that generation.
    func noteUse(of generation: Int)
}

extension Credentialing {
    package func noteUse(of generation: Int) {}
}

/// Credentials that stay what they are: a pinned token or a key in a header.
///
/// Nothing is ever minted.
package struct FixedCredentials: Credentialing {
    private let authorization: Authorization
    package let secrets: [Secret]

    /// Sends `Authorization: Bearer <token>`.
    package init(bearer token: Secret) {
        self.init(header: "Authorization", Secret("Bearer " + token.reveal { $0 }), secrets: [token])
    }

    /// Sends `secret` as the header `name`.
    package init(header name: String, _ secret: Secret) {
        self.init(header: name, secret, secrets: [secret])
    }

    private init(header name: String, _ secret: Secret, secrets: [Secret]) {
        authorization = Authorization(headers: [APIRequest.Argument(name, secret)])
        self.secrets = secrets
    }

    package var canRenew: Bool { false }
    package var generation: Int { 0 }
    package func authorize() async throws -> Authorization { authorization }
    package func renew(refused generation: Int) async throws {}
}
