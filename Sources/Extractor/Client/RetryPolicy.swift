/// How often and how long to try again.
package struct RetryPolicy: Sendable {
    /// Tries of one call in all, when the call alone is at fault.
    package var callTries = 6
    /// The first delay of a call; it doubles up to ``longestCallDelay`` and is then drawn from `0...delay`.
    package var firstCallDelay = Duration.seconds(1)
    /// The longest delay of a call before jitter.
    package var longestCallDelay = Duration.seconds(60)
    /// Tries of one call in all, when the host is silenced in between.
    package var pauseTries = 8
    /// The first silence of a host; it doubles up to ``longestPause``, jitter comes on top.
    package var firstPause = Duration.seconds(10)
    /// The longest silence of a host before jitter.
    package var longestPause = Duration.seconds(120)
    /// Jitter of a silence, as a share of it.
    package var pauseJitter = 0.2
    /// A longer `Retry-After` ends the run instead of being waited out.
    package var longestWait = Duration.seconds(300)

    package init() {}

    /// The delay before try number `attempt + 1`, `attempt` counting from 1: full jitter.
    package func callDelay(after attempt: Int, random: any RandomSource) -> Duration {
        Self.doubled(firstCallDelay, attempt, cap: longestCallDelay) * random.unit()
    }

    /// The silence after the `step`th throttling in a row, `step` counting from 1: jitter on top.
    package func pause(step: Int, random: any RandomSource) -> Duration {
        let base = Self.doubled(firstPause, step, cap: longestPause)
        return base + base * (pauseJitter * random.unit())
    }

    private static func doubled(_ first: Duration, _ step: Int, cap: Duration) -> Duration {
        min(first * (1 << min(max(step - 1, 0), 20)), cap)
    }
}
