import Platforms
import Testing

@Suite("Choosing a few of many")
struct SamplingTests {
    @Test("a sample has the first and the last, and none twice")
    func spread() {
        #expect(Sampling.spread(Array(1...10), 20) == Array(1...10))
        #expect(Sampling.spread(Array(1...10), 4) == [1, 4, 7, 10])
        #expect(Sampling.spread(Array(1...10), 1) == [1])
        #expect(Sampling.spread(Array(1...10), 0) == [])
        #expect(Sampling.spread([Int](), 3) == [])
    }

    @Test(
        "the end of a list is found in about twice the logarithm of its length",
        arguments: [0, 1, 2, 3, 50, 64, 4_097]
    )
    func last(length: Int) async throws {
        var asked = 0
        let found = await Sampling.last { page in
            asked += 1
            return page <= length
        }
        #expect(found == length)
        #expect(asked <= 2 * (Int.bitWidth - length.leadingZeroBitCount) + 1)
    }

    @Test("things that all parts name are no more when more parts are read; things met once are")
    func extrapolation() {
        #expect(Sampling.extrapolated([10, 10], units: 10, to: 100, atMost: 50) == 2)
        #expect(Sampling.extrapolated([1, 1, 1, 1], units: 4, to: 4, atMost: 50) == 4)
        let rare = Sampling.extrapolated([1, 1, 1, 1, 2, 2], units: 10, to: 100, atMost: 50)
        #expect(rare > 7 && rare < 10)
        #expect(Sampling.extrapolated(Array(repeating: 1, count: 20), units: 20, to: 200, atMost: 60) == 60)
        #expect(Sampling.extrapolated([1, 1], units: 1, to: 10, atMost: 12) == 12)
        #expect(Sampling.extrapolated([], units: 5, to: 50, atMost: 10) == 0)
    }

    @Test("of kinds named alike, a larger share names more, and never more than there are")
    func distinct() {
        #expect(Sampling.distinct(seen: 5, of: 10, factor: 1) == 5)
        #expect(Sampling.distinct(seen: 5, of: 10, factor: 2) == 7.5)
        #expect(Sampling.distinct(seen: 10, of: 10, factor: 9) == 10)
        #expect(Sampling.distinct(seen: 9, of: 10, factor: 40) <= 10)
    }
}
