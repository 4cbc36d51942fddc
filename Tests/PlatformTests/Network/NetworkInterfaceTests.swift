import Platform
import TestSupport
import Testing

@Suite("Network interfaces of the machine")
struct NetworkInterfaceTests {
    @Test(
        "the hardware address, where there is one",
        arguments: [
            ("00:0c:c8:05:aa:89\n", "00:0C:C8:05:AA:89" as String?), ("02:FC:00:00:00:01", "02:FC:00:00:00:01"),
            ("00:00:00:00:00:00\n", nil), ("", nil), ("\n", nil), ("00:0c:c8:05:aa", nil), ("not an address", nil),
            ("80:00:00:48:fe:80:00:00:00:00:00:00:00:02:c9:03:00:00:00:01\n", nil),
        ])
    func address(_ text: String, _ expected: String?) {
        let folder = TemporaryDirectory()
        folder.write(text, to: "eth0/address")
        #expect(NetworkInterface.address(of: "eth0", below: folder.path) == expected)
    }

    @Test("none where there is no such interface")
    func absent() {
        let folder = TemporaryDirectory()
        #expect(NetworkInterface.address(of: "eth0", below: folder.path) == nil)
        #expect(NetworkInterface.address(of: "../etc", below: folder.path) == nil)
    }
}
