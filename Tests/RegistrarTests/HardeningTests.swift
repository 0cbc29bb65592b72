import CProcess
import Glibc
import Testing

@testable import registrar

@Suite struct HardeningTests {
    @Test("a process that holds secrets leaves no core dump and shows nobody its memory or environment")
    func closed() throws {
        ProcessHardening.apply()
        #expect(!registrar_process_is_open())
        var limit = rlimit()
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0)
        #expect(limit.rlim_cur == 0 && limit.rlim_max == 0)
        // What belongs to root is read by nobody else who has the user's rights.
        var status = stat()
        #expect(stat("/proc/self/environ", &status) == 0)
        #expect(status.st_uid == 0 && status.st_gid == 0)
    }
}
