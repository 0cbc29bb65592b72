/// A Learn release such as `3900.123.0`; filters and fields came with some and are unknown to earlier ones.
struct LearnVersion: Comparable, Sendable {
    var major: Int
    var minor: Int
    var patch: Int

    init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    init(_ text: String) {
        let numbers = text.split(separator: ".").map { Int($0) ?? 0 } + [0, 0, 0]
        self.init(numbers[0], numbers[1], numbers[2])
    }

    static func < (left: LearnVersion, right: LearnVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}
