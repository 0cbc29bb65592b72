import Foundation
import Records

extension ZoneRule {
    /// Times without a zone are those of an IANA zone; a bare date is its midnight there.
    ///
    /// A local time that a clock change leaves out or repeats is read with the offset that holds just after or before it.
    ///
    /// - Parameter identifier: `Europe/Bucharest`; one that nobody knows reads as UTC.
    package static func zone(_ identifier: String) -> ZoneRule {
        guard identifier != "UTC", let zone = TimeZone(identifier: identifier) else { return .utc }
        return .local { local in
            let asUTC = local.asUTC.microseconds
            func offset(at microseconds: Int64) -> Int64 {
                let date = Date(timeIntervalSince1970: Double(microseconds / 1_000_000))
                return Int64(zone.secondsFromGMT(for: date)) * 1_000_000
            }
            // The offset at the guess may be that of the other side of a change: asked again at the result, it is right.
            let guess = asUTC - offset(at: asUTC)
            return Timestamp(microsecondsSinceEpoch: asUTC - offset(at: guess))
        }
    }
}
