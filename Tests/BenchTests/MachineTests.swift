import Bench
import Foundation
import Testing

/// The bench itself: what the other suites take for granted.
@Suite("The bench's machine", .bench)
struct MachineTests {
    @Test("a command's status, output and errors come back apart")
    func commands() async throws {
        try await Bench.resume { bench in
            let run = try await bench.status("echo out; echo err >&2; cat; exit 3", input: Data("in".utf8))
            #expect(run.status == 3)
            #expect(run.output == "out\nin")
            #expect(run.error == "err\n")
        }
    }

    @Test("the buses, lines and users of a unit are there")
    func hardware() async throws {
        try await Bench.resume { bench in
            let nodes = try await bench.run("stat -c '%G %a' /dev/i2c-1 /dev/gpiochip0")
            #expect(nodes == "i2c 660\ngpio 660")
            let chips = try await bench.run("gpiodetect; gpiofind GPIO17")
            #expect(chips == "gpiochip0 [pinctrl-bcm2711] (58 lines)\ngpiochip0 17")
            let groups = try await bench.run("id -nu picli; id -nG picli-relays | tr ' ' '\\n' | sort | tr '\\n' ' '")
            #expect(groups == "picli\ngpio i2c picli-relays ")
        }
    }

    @Test("nothing in the machine can reach beyond it")
    func closed() async throws {
        try await Bench.resume { bench in
            for address in ["10.0.2.2/80", "10.0.2.3/53", "192.0.2.1/80"] {
                let run = try await bench.status("timeout 2 bash -c ': < /dev/tcp/\(address)'")
                #expect(run.status != 0, "\(address) answers")
            }
        }
    }

    @Test("two machines run at once and share nothing")
    func two() async throws {
        async let first = Self.mark("first")
        async let second = Self.mark("second")
        let marks = try await [first, second]
        #expect(marks.map(\.file) == ["first", "second"])
        #expect(Set(marks.map(\.boot)).count == 2)
    }

    private static func mark(_ name: String) async throws -> (file: String, boot: String) {
        try await Bench.resume { bench in
            try await bench.run("[ ! -e /root/mark ]; echo \(name) > /root/mark; sleep 1")
            let boot = try await bench.run("cat /proc/sys/kernel/random/boot_id")
            return (try await bench.run("cat /root/mark"), boot)
        }
    }

    @Test("a drive appears when it is plugged in and is gone when it is yanked")
    func drive() async throws {
        try await Bench.resume { bench in
            let image = try USB.image(megabytes: 64, in: bench.share)
            let drive = try await bench.usb.plug(image)
            try await bench.run("n=0; until [ -b /dev/sda ]; do n=$((n + 1)); [ $n -lt 200 ]; sleep 0.05; done")
            try await bench.run("mkfs.vfat /dev/sda; mount /dev/sda /mnt; echo clip > /mnt/clip; sync")
            try await drive.yank()
            try await bench.run("n=0; while [ -b /dev/sda ]; do n=$((n + 1)); [ $n -lt 200 ]; sleep 0.05; done")
            #expect(try await bench.status("ls /mnt/clip; cat /mnt/clip").status != 0)
        }
    }

    @Test("a lossy network loses about what it is told to")
    func network() async throws {
        try await Bench.resume { bench in
            try await bench.network.start()
            try await bench.run("ping -q -c 3 -i 0.05 -W 1 192.168.1.1; ping -q -c 3 -i 0.05 -W 1 192.168.1.3")
            try await bench.network.loss(50, to: .router)
            let text = try await bench.status("ping -q -c 100 -i 0.02 -W 1 192.168.1.1").output
            let loss = try #require(text.firstMatch(of: /(\d+)% packet loss/).flatMap { Int($0.1) })
            // An answer needs both ways: 75 %; ten standard deviations of a hundred.
            #expect((32...99).contains(loss), "\(loss) %")
            try await bench.network.cable(false, to: .camera)
            #expect(try await bench.status("ping -q -c 2 -i 0.2 -W 1 192.168.1.3").status != 0)
        }
    }

    @Test("a machine that boots has the same hardware")
    func boot() async throws {
        try await Bench.boot { bench in
            let nodes = try await bench.run("stat -c '%G %a' /dev/i2c-1 /dev/gpiochip0")
            #expect(nodes == "i2c 660\ngpio 660")
            // By its number: its name under /dev/mapper is udev's to make, which may come later.
            let disk = "/sys/dev/block/$(findmnt -rno MAJ:MIN /var/lib/picli)"
            #expect(try await bench.run("cat \(disk)/dm/name") == "data")
            #expect(try await bench.run("systemctl --failed --no-legend") == "")
        }
    }
}
