import Logging
import Synchronization

/// The token of one source: minted when needed, renewed ahead, one mint at a time, at most 3 a minute.
package final class TokenSource: Credentialing {
    /// When a token that is still good is replaced.
    package enum Renewal: Sendable {
        /// When less than min(300 s, 10 % of its life) is left.
        case ahead
        /// When less than `margin`, and less than 10 % of its life, is left, which is slept out first: for platforms that
        /// hand back the same token with what is left of its life.
        case atEnd(margin: Duration)
    }

    private struct Token {
        let header: APIRequest.Argument
        let secret: Secret
        let mintedAt: Duration
        let expiresAt: Duration
        var renewAt: Duration
        let generation: Int

        var authorization: Authorization {
            Authorization(headers: [header], generation: generation, mintedAt: mintedAt, expiresAt: expiresAt)
        }
    }

    private struct State {
        var token: Token?
        var generation = 0
        var mints: [Duration] = []
        var refusal: ExtractorError?
        var seen: [Secret] = []
        /// Whether a call went out with the newest token.
        var isUsed = false
        /// Tokens in a row that ran out before a call went out with them.
        var unusedInRow = 0
    }

    private static let mintsPerMinute = 3
    /// So many tokens that nobody could use, one after the other, end the source.
    private static let unusedUntilGivenUp = 3

    private let minting: any TokenMinting
    private let client: APIClient
    private let renewal: Renewal
    private let time: any TimeSource
    private let logger: Logger
    private let mintLock = Permits(1)
    private let state = Mutex(State())

    /// Makes the token source of one client, whose calls for tokens go out without credentials.
    package init(minting: any TokenMinting, client: APIClient, renewal: Renewal = .ahead) {
        self.minting = minting
        self.client = client.forTokenCalls()
        self.renewal = renewal
        self.time = client.shared.time
        self.logger = client.shared.logger
    }

    package var canRenew: Bool { true }

    package var generation: Int { state.withLock { $0.generation } }

    package var secrets: [Secret] { state.withLock { $0.seen } }

    package func authorize() async throws -> Authorization {
        while true {
            let now = time.monotonic
            let (token, refusal) = state.withLock { ($0.token, $0.refusal) }
            if let refusal { throw refusal }
            guard let token, now < token.expiresAt else {
                try await renew { $0.map { self.time.monotonic >= $0.expiresAt } ?? true }
                continue
            }
            if now < token.renewAt { return token.authorization }
            switch renewal {
            case .ahead:
                // Only one caller renews; the others go on with the token that is still good.
                guard mintLock.tryAcquire() else { return token.authorization }
                defer { mintLock.release() }
                if state.withLock({ $0.generation }) == token.generation { try await mintAhead(of: token) }
            case .atEnd:
                try await client.wait(for: token.expiresAt - now, because: "the token is about to run out")
            }
        }
    }

    package func noteUse(of generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            state.isUsed = true
            state.unusedInRow = 0
        }
    }

    package func renew(refused generation: Int) async throws {
        try await renew { _ in self.state.withLock { $0.generation } <= generation }
    }

    /// Mints unless another task has done so while this one waited for its turn.
    private func renew(isDue: (Token?) -> Bool) async throws {
        try await mintLock.acquire()
        defer { mintLock.release() }
        let (token, refusal) = state.withLock { ($0.token, $0.refusal) }
        if let refusal { throw refusal }
        if isDue(token) { try await mint() }
    }

    /// Replaces a token that is still good; where that fails for now, it stays in use and is tried again later.
    private func mintAhead(of token: Token) async throws {
        do {
            try await mint()
        } catch let error as ExtractorError where error.code != .credentialsRefused {
            let now = time.monotonic
            guard now < token.expiresAt else { throw error }
            logger.debug("token not renewed, the old one is still good", metadata: ["code": "\(error.code)"])
            state.withLock { $0.token?.renewAt = now + .seconds(30) }
        }
    }

    /// Asks the platform; the caller holds the mint lock.
    private func mint() async throws {
        try giveUpUnused()
        try await waitForRoom()
        let asked = time.monotonic
        state.withLock { $0.mints.append(asked) }
        let minted: MintedToken
        do {
            minted = try await minting.mint(using: client)
        } catch let error as ExtractorError where error.code == .credentialsRefused {
            state.withLock { $0.refusal = error }
            throw error
        }
        guard minted.isUsable else {
            throw ExtractorError(.badAnswer, "the platform's token is empty or holds characters no header may carry")
        }
        let life = minted.life
        // A token that lives a moment only is used for that moment.
        let margin: Duration =
            switch renewal {
            case .ahead: min(.seconds(300), life / 10)
            case .atEnd(let limit): min(limit, life / 10)
            }
        // Its life begins when it was asked for, not when this task began to wait for its turn to ask.
        let born = max(asked, client.lastSend?.value ?? asked)
        let generation = state.withLock { state in
            state.generation += 1
            state.token = Token(
                header: minted.header,
                secret: minted.token,
                mintedAt: born,
                expiresAt: born + life,
                renewAt: born + life - margin,
                generation: state.generation
            )
            state.isUsed = false
            state.seen = state.seen.suffix(3) + [minted.token]
            return state.generation
        }
        logger.debug(
            "token received",
            metadata: [
                "generation": .stringConvertible(generation), "life_seconds": .stringConvertible(Int(life.inSeconds)),
            ]
        )
    }

    /// Ends the source where tokens run out again and again before a call can be made with them.
    private func giveUpUnused() throws {
        let now = time.monotonic
        let life = state.withLock { state -> Duration? in
            guard let token = state.token, !state.isUsed, token.expiresAt <= now else { return nil }
            state.unusedInRow += 1
            return state.unusedInRow >= Self.unusedUntilGivenUp ? token.expiresAt - token.mintedAt : nil
        }
        guard let life else { return }
        throw ExtractorError(
            .tokenUnavailable,
            "tokens of the platform live \((life.inSeconds * 10).rounded() / 10) s, which is over before a call can be made: "
                + "have the life of the API client's tokens raised"
        )
    }

    /// Waits until another mint stays within 3 in any minute.
    private func waitForRoom() async throws {
        while true {
            let now = time.monotonic
            let wait = state.withLock { state -> Duration in
                state.mints.removeAll { $0 + .seconds(60) <= now }
                guard state.mints.count >= Self.mintsPerMinute, let oldest = state.mints.first else { return .zero }
                return oldest + .seconds(60) - now
            }
            guard wait > .zero else { return }
            try await client.wait(for: wait, because: "three tokens were asked for within a minute")
        }
    }
}
