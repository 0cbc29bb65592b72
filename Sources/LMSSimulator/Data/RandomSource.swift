/// SplitMix64: the same seed gives the same school on every machine.
struct RandomSource: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A number below `bound`, which must be positive.
    ///
    /// Written out, since the library's own choice of algorithm may change with its version.
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: next() >> 33) % max(bound, 1)
    }

    /// True in `share` of all cases.
    mutating func chance(_ share: Double) -> Bool {
        Double(next() >> 11) / 9_007_199_254_740_992 < share
    }

    /// A random moment between two others.
    mutating func instant(from: Instant, to: Instant) -> Instant {
        let span = max(to.microseconds - from.microseconds, 1)
        return Instant(microseconds: from.microseconds + Int64(truncatingIfNeeded: next() >> 2) % span)
    }

    /// The mixing step alone: a stable, scattered number for a key.
    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
