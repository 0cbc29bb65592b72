import Foundation

/// How long ago a moment was, in as few words as tell it.
enum Age {
    /// `40 s`, `2 min`, `7 h`, `12 d`.
    static func text(_ seconds: Double) -> String {
        switch seconds {
        case ..<60: "\(Int(max(0, seconds))) s"
        case ..<5_400: "\(Int(seconds / 60)) min"
        case ..<172_800: "\(Int(seconds / 3_600)) h"
        default: "\(Int(min(seconds, 1e12) / 86_400)) d"
        }
    }

    /// The age at `now` of an ISO 8601 moment: `2 min ago`; the moment itself where it lies ahead, as it may by the
    /// platform's clock.
    static func text(of time: String, now: String) -> String {
        guard let age = seconds(from: time, to: now) else { return time }
        return age < -60 ? minutes(time) : "\(text(age)) ago"
    }

    /// The seconds between two ISO 8601 moments in UTC; `nil` where one of them is none.
    static func seconds(from first: String, to second: String) -> Double? {
        guard let first = instant(first), let second = instant(second) else { return nil }
        return second.timeIntervalSince(first)
    }

    /// A moment to its minute: `2026-11-30 15:09 UTC`.
    static func minutes(_ time: String) -> String {
        guard time.count >= 16 else { return time }
        return "\(time.prefix(10)) \(time.dropFirst(11).prefix(5)) UTC"
    }

    /// A moment without the parts of its second.
    static func wholeSeconds(_ time: String) -> String {
        guard let dot = time.firstIndex(of: ".") else { return time }
        return String(time[..<dot]) + (time.last == "Z" ? "Z" : "")
    }

    private static func instant(_ time: String) -> Date? {
        try? Date(wholeSeconds(time), strategy: .iso8601)
    }
}
