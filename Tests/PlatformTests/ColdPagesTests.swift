import Testing

@testable import Platform

@Suite("Cold pages")
struct ColdPagesTests {
    @Test("only read-only mappings of files without written pages are offered")
    func clean() {
        let smaps = """
            1000-3000 r-xp 00000000 fe:00 77 /usr/bin/picli
            Size:                  8 kB
            Anonymous:             0 kB
            Swap:                  0 kB
            3000-4000 r--p 00002000 fe:00 77 /usr/bin/picli
            Anonymous:             4 kB
            4000-5000 rw-p 00003000 fe:00 77 /usr/bin/picli
            Anonymous:             0 kB
            Swap:                  0 kB
            5000-6000 r--p 00000000 00:00 0 [vvar]
            Anonymous:             0 kB
            Swap:                  0 kB
            7f00-8f00 r--s 00000000 fe:00 78 /var/lib/picli/history.sqlite-shm
            Anonymous:             0 kB
            Swap:                  0 kB
            a000-b000 r--p 00000000 fe:00 79 /lib/relocated.so
            Anonymous:             0 kB
            Swap:                  4 kB
            9000-9800 r--p 00000000 fe:00 79 /lib/a library with spaces.so
            VmFlags: rd mr mw me sd
            Anonymous:             0 kB
            Swap:                  0 kB
            """
        #expect(ColdPages.clean(smaps: smaps) == [0x1000..<0x3000, 0x9000..<0x9800])
        #expect(ColdPages.clean(smaps: "").isEmpty)
        #expect(ColdPages.clean(smaps: "zz-1 r-xp\n3000-1000 r-xp 0 0 1\nAnonymous: 0 kB\nSwap: 0 kB\n-\n").isEmpty)
    }

    @Test("the process goes on after it gave its pages back")
    func release() {
        let text = (0..<1000).map(String.init).joined(separator: ",")
        #expect(ColdPages.release() > 1 << 20)
        #expect(text.split(separator: ",").count == 1000)
    }
}
