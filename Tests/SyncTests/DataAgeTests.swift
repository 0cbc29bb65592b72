import Sync
import Testing

@Suite("How old data gets")
struct DataAgeTests {
    @Test("one gap of the schedule and one run")
    func schedule() {
        let age = DataAge(schedule: 900, requests: 150, duration: 60, perDay: nil)
        #expect(age.cycle == 900)
        #expect(age.oldest == 960)
    }

    @Test("a run that takes longer than the schedule delays the next")
    func rate() {
        #expect(DataAge(schedule: 900, requests: 9_000, duration: 3_600, perDay: nil).oldest == 7_200)
    }

    @Test("a quota makes whole cycles rarer: the guide's 2,250 requests a cycle, four a day")
    func quota() {
        let age = DataAge(schedule: 900, requests: 2_250, duration: 450, perDay: 9_000)
        #expect(age.schedule == 900)
        #expect(age.cycle == 21_600)
        #expect(age.oldest == 22_050)
    }
}
