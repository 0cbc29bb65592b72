/// Mints tokens and knows which are alive.
struct TokenOffice: Sendable {
    private struct Token: Sendable {
        var expiresAt: Instant
        var calls = 0
    }

    let clientID: String
    let clientSecret: String
    private var tokens: [String: Token] = [:]
    private var newest: String?
    private var minted = 0

    init(clientID: String, clientSecret: String) {
        self.clientID = clientID
        self.clientSecret = clientSecret
    }

    /// Every token handed out so far; none may be found in a warehouse or a log.
    var handedOut: [String] { tokens.keys.sorted() }

    /// A token and the seconds it is promised to live.
    mutating func mint(life: Double, at now: Instant, reusing: Bool) -> (token: String, life: Int) {
        if reusing, let newest, let token = tokens[newest], token.expiresAt > now {
            return (newest, Int((token.expiresAt.microseconds - now.microseconds) / Instant.second))
        }
        minted += 1
        let writer = ByteWriter(capacity: 64)
        writer.raw("simtoken_")
        writer.hex(RandomSource.mix(UInt64(minted) &* 0x5DEE_CE66), digits: 16)
        writer.hex(UInt64(minted), digits: 8)
        let token = writer.text
        tokens[token] = Token(expiresAt: now.adding(microseconds: Int64(life * 1_000_000)))
        newest = token
        return (token, Int(life))
    }

    /// Whether a call with this token is let in; counts the call.
    mutating func accepts(_ token: String, at now: Instant, diesAfter limit: Int) -> Bool {
        guard let known = tokens[token], known.expiresAt > now, limit == 0 || known.calls < limit else { return false }
        if limit > 0 { tokens[token]?.calls += 1 }
        return true
    }

    mutating func revokeAll() {
        for token in tokens.keys { tokens[token]?.expiresAt = Instant(microseconds: 0) }
        newest = nil
    }
}
