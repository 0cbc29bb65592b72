import CProcess

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What a process that holds secrets and may be killed at any time sets first.
enum ProcessHardening {
    static func apply() {
        // A closed pipe is an error of one write, not the end of a run.
        signal(SIGPIPE, SIG_IGN)
        // A core dump would hold tokens and people's data. The limit alone does not keep one from a collector that the
        // kernel pipes it to, and says nothing of /proc.
        registrar_process_conceal()
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        #if canImport(Glibc)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        #else
        setrlimit(RLIMIT_CORE, &limit)
        #endif
    }
}
