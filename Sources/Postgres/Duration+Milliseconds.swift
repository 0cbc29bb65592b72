extension Duration {
    /// Rounded up, and never 0: PostgreSQL reads 0 as "no limit".
    var wholeMilliseconds: Int64 {
        let milliseconds =
            components.seconds * 1000 + (components.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return max(1, milliseconds)
    }
}
