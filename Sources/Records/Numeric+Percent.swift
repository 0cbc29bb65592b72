extension Numeric {
    /// Decimal places of a share in percent; what lies behind them is cut off.
    private static let percentPlaces = 12

    /// The number as percent of `whole`, cut off after twelve decimal places.
    ///
    /// - Returns: `nil` where `whole` is zero or negative, or where the numbers have more than about 24 digits.
    package func percent(of whole: Numeric) -> Numeric? {
        guard let (part, partScale) = scaled, let (total, totalScale) = whole.scaled, total > 0 else { return nil }
        // part·10^-a / (total·10^-b) · 100, counted in units of 10^-12: part·10^(b−a+2+12) / total.
        let shift = totalScale - partScale + 2 + Self.percentPlaces
        guard let dividend = Self.raise(part, by: max(shift, 0)), let divisor = Self.raise(total, by: max(-shift, 0))
        else { return nil }
        return Numeric(token: "\(dividend / divisor)e-\(Self.percentPlaces)")
    }
}
