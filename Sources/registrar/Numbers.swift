/// Numbers as people read them.
enum Numbers {
    /// `28785` as `28,785`.
    static func grouped(_ number: some BinaryInteger) -> String {
        let digits = Array(String(number.magnitude))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "-\(text)" : text
    }

    /// `1 request`, `2,500 requests`.
    static func counted(_ number: some BinaryInteger, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// Seconds as `0:07`, `12:30`, `7:02:00`.
    static func time(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e9).rounded())
        let two: (Int) -> String = { $0 < 10 ? "0\($0)" : "\($0)" }
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
    }
}
