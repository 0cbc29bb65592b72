/// Where jitter comes from, injected so that a failure can be repeated from one number.
package protocol RandomSource: Sendable {
    /// Returns a number in `0..<1`.
    func unit() -> Double
}

/// The system's generator.
package struct SystemRandom: RandomSource {
    package init() {}

    package func unit() -> Double { Double.random(in: 0..<1) }
}
