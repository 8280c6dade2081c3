"""The simulated chip against the worked examples printed in ICAO Doc 9303-11, appendices D to I: not only read alike by us."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hardware.card.sim_active_authentication import recoverable
from hardware.card.sim_apdu import parse_command
from hardware.card.sim_bac import BacChip
from hardware.card.sim_cipher import AES_128, SUITES, TRIPLE_DES, SessionKeys
from hardware.card.sim_curve import Point
from hardware.card.sim_domains import CURVES, GROUPS
from hardware.card.sim_mapping import integrated_number
from hardware.card.sim_messaging import SecureMessaging
from hardware.card.sim_pace import PaceChip, PaceSetting

# The password of G and its seed; H prints another password key, and no password.
PASSWORD = bytes.fromhex("7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD")
H_PASSWORD_KEY = bytes.fromhex("591468CDA83D65219CCCB8560233600F")


def drawn(*values: str) -> Callable[[int], bytes]:
    rest = [bytes.fromhex(value) for value in values]
    return lambda _: rest.pop(0)


def played(chip: PaceChip, *steps: str) -> list[str]:
    return [chip.answer(bytes.fromhex(step)).hex().upper() for step in steps]


def without_parity(key: bytes) -> bytes:
    """Drop what only the printed DES keys have adjusted: the last bit of each byte."""
    return bytes(byte & 0xFE for byte in key)


def test_basic_access_control_of_appendix_d():
    """With the printed nonces and keys the chip accepts the command of D.3 and answers its response."""
    chip = BacChip("L898902C<369080619406236", drawn("4608F91988702212", "0B4F80323EB3191CB04970CB4052790B"))
    assert chip.challenge().hex().upper() == "4608F91988702212"
    outcome = chip.authenticate(
        bytes.fromhex("72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2" + "5F1448EEA8AD90A7")
    )
    assert outcome is not None
    assert outcome.answer.hex().upper() == (
        "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F" + "2F2D235D074D7449"
    )
    printed = (bytes.fromhex("979EC13B1CBFE9DCD01AB0FED307EAE5"), bytes.fromhex("F1CB1F1FB5ADF208806B89DC579DC1F8"))
    assert [without_parity(key) for key in outcome.keys] == [without_parity(key) for key in printed]
    assert f"{outcome.counter:016X}" == "887022120C06C226"


def test_secure_messaging_of_appendix_d():
    """The three protected commands of D.4 are opened and their responses sealed as printed, counters and all."""
    session = SecureMessaging(
        TRIPLE_DES,
        SessionKeys(
            bytes.fromhex("979EC13B1CBFE9DCD01AB0FED307EAE5"), bytes.fromhex("F1CB1F1FB5ADF208806B89DC579DC1F8")
        ),
        0x887022120C06C226,
    )
    dialogue = [
        (
            "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
            "00A4020C",
            "011E",
            "",
            "990290008E08FA855A5D4C50A8ED9000",
        ),
        (
            "0CB000000D9701048E08ED6705417E96BA5500",
            "00B00000",
            "",
            "60145F01",
            "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
        ),
        (
            "0CB000040D9701128E082EA28A70F3C7B53500",
            "00B00004",
            "",
            "04303130365F36063034303030305C026175",
            "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
        ),
    ]
    for sent, header, data, answer, sealed in dialogue:
        inner = session.unwrap(parse_command(bytes.fromhex(sent)))
        assert (inner.header.hex().upper(), inner.data.hex().upper()) == (header, data)
        assert session.wrap(bytes.fromhex(answer), 0x9000).hex().upper() == sealed


def test_generic_mapping_with_integers_of_appendix_g():
    """G.2: group 0, AES-128; mapping key, public key, tokens and session keys are the printed ones."""
    chip = PaceChip(
        PaceSetting("DH-GM", AES_128, 0),
        PASSWORD,
        drawn(
            "FA5B7E3E49753A0DB9178B7B9BD898C8",
            "66DDAFEAC1609CB5B963BB0CB3FF8B3E047F336C",
            "A5B780126B7C980E9FCEA1D4539DA1D27C342DFA",
        ),
    )
    answers = played(
        chip,
        "7C00",
        "7C818381818023FB3749EA030D2A25B278D2A562047ADE3F01B74F17A15402CB7352CA7D2B3EB71C343DB13D1DEBCE9A3666DBCFC920"
        "B49174A602CB47965CAA73DC702489A44D41DB914DE9613DC5E98C94160551C0DF86274B9359BC0490D01B03AD54022DCB4F57FAD632"
        "2497D7A1E28D46710F461AFE710FBBBC5F8BA166F4311975EC6C",
        "7C8183838180907D89E2D425A178AA81AF4A7774EC8E388C115CAE67031E85EECE520BD911551B9AE4D04369F29A02626C86FBC6747C"
        "C7BC352645B6161A2A42D44EDA80A08FA8D61B76D3A154AD8A5A51786B0BC07147057871A922212C5F67F43173172236B7747D1671E6"
        "D692A3C7D40A0C3C5CE397545D015C175EB5130551EDBC2EE5D4",
        "7C0A8508B46DD9BD4D98381F",
    )
    assert answers == [
        "7C128010854D8DF5827FA6852D1A4FA701CDDDCA",
        (
            "7C818382818078879F57225AA8080D52ED0FC890A4B25336F699AA89A2D3A189654AF70729E623EA5738B26381E4DA19E004706FACE7"
            "B235C2DBF2F38748312F3C98C2DD4882A41947B324AA1259AC22579DB93F7085655AF30889DBB845D9E6783FE42C9F2449400306254C"
            "8AE8EE9DD812A804C0B66E8CAFC14F84D8258950A91B44126EE6"
        ),
        (
            "7C8183848180075693D9AE941877573E634B6E644F8E60AF17A0076B8B123D9201074D36152BD8B3A213F53820C42ADC79AB5D0AEEC3"
            "AEFB91394DA476BD97B9B14D0A65C1FC71A0E019CB08AF55E1F729005FBA7E3FA5DC41899238A250767A6D46DB974064386CD4567435"
            "85F8E5D90CC8B4004B1F6D866C79CE0584E49687FF61BC29AEA1"
        ),
        "7C0A8608917F37B5C0E6D8D1",
    ]
    assert chip.keys is not None
    assert chip.keys.encryption.hex().upper() == "2F7F46ADCC9E7E521B45D192FAFA9126"
    assert chip.keys.authentication.hex().upper() == "805A1D27D45A5116F73C54469462B7D8"


def test_integrated_mapping_with_points_of_appendix_h():
    """H.1: the number, the mapped generator, and with the printed keys the whole dialogue."""
    nonces = (bytes.fromhex("2923BE84E16CD6AE529049F1F1BBE9EB"), bytes.fromhex("5DD4CBFC96F5453B130D890A1CDBAE32"))
    number = integrated_number(AES_128, *nonces, CURVES[13])
    assert f"{number:X}" == "A2F8FF2DF50E52C6599F386ADCB595D229F6A167ADE2BE5F2C3296ADD5B7430E"
    assert CURVES[13].map_number(number) == Point(
        0x8E82D31559ED0FDE92A4D0498ADD3C23BABA94FB77691E31E90AEA77FB17D427,
        0x4C1AE14BD0C3DBAC0C871B7F3608169364437CA30AC243A089D3F266C1E60FAD,
    )
    chip = PaceChip(
        PaceSetting("ECDH-IM", AES_128, 13),
        b"",
        drawn(
            "2923BE84E16CD6AE529049F1F1BBE9EB",
            "107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A",
        ),
    )
    chip._password_key = H_PASSWORD_KEY
    assert played(
        chip,
        "7C00",
        "7C1281105DD4CBFC96F5453B130D890A1CDBAE32",
        "7C43834104"
        "89CBA23FFE96AA18D824627C3E934E54A9FD0B87A95D1471DC1C0ABFDCD640D46755DE9B7B778280B6BEBD57439ADFEB0E21FD4ED6DF42578C13418A59B34C37",
        "7C0A8508450F02B86F6A0909",
    ) == [
        "7C128010143DC40C08C8E891FBED7DEDB92B64AD",
        "7C028200",
        (
            "7C43844104"
            "67F78E5F7F7686082B293E8D087E056916D0F74BC01A5F8957D0DE45691E51E8932B69A962B52A0985AD2C0A271EE6A13A8ADDDCD1A3A994B9DED257F4D22753"
        ),
        "7C0A860875D4D96E8D5B0308",
    ]


def test_integrated_mapping_with_integers_of_appendix_h():
    """H.2: the number, the mapped generator, both tokens; the printed private key is longer than the order."""
    nonces = (bytes.fromhex("FA5B7E3E49753A0DB9178B7B9BD898C8"), bytes.fromhex("B3A6DB3C870C3E99245E0D1C06B747DE"))
    number = integrated_number(AES_128, *nonces, GROUPS[0])
    assert f"{number:X}".startswith("A0C7C50C002061A51CC87D254EF38068")
    mapped = f"{GROUPS[0].map_number(number):X}"
    assert (mapped[:24], mapped[-16:]) == ("1D7D767F11E333BCD6DBAEF4", "EC25D4E0BBAA16C2")
    private = int(
        "020F018C7284B047FA7721A337EFB7ACB1440BB30C5252BD41C97C30C994BB78E9F0C5B32744D84017D21FFA6878396A6469CA283EF5C000"
        "DAF7D261A39AB8860ED4610AB5343390897AAB5A7787E4FAEFA0649C6A94FDF82D991E8E3FC332F5142729E7040A3F7D5A4D3CD75CBEE1F0"
        "43C1CAD2DD484FEB4ED22B597D36688E",
        16,
    )
    chip = PaceChip(
        PaceSetting("DH-IM", AES_128, 0),
        b"",
        drawn("FA5B7E3E49753A0DB9178B7B9BD898C8", f"{private % GROUPS[0].order:040X}"),
    )
    chip._password_key = H_PASSWORD_KEY
    answers = played(
        chip,
        "7C00",
        "7C128110B3A6DB3C870C3E99245E0D1C06B747DE",
        "7C81838381800F0CC62945A8029251FB7EF3C094E12EC68E4EF07F27CB9D9CD04C5C4250FAE0E4F8A951557E929AEB48E5C6DD47F2F5"
        "CD7C351A9BD2CD722C07EDE166770F08FFCB370262CF308DD7B07F2E0DA9CAAA1492344C852906919538C98A4BA4187E76CE9D878323"
        "86D319CE2E043C3343AEAE6EDBA1A9894DC5094D22F7FE1351D5",
        "7C0A850855D61977CBF5307E",
    )
    assert answers[0] == "7C1280109ABB8864CA0FF1551E620D1EF4E13510"
    assert answers[2].startswith("7C8183848180928D9A0F9DBA450F13FC859C6F290D1D")
    assert answers[3] == "7C0A8608C2F04230187E1525"


def test_chip_authentication_mapping_of_appendix_i():
    """I.1: the whole dialogue, and the sealed chip authentication data that end it."""
    order = CURVES[13].order
    sealed_number = 0x85DC3FA93D0952BFA82F5FD189EE75BD82F11D1F0B8ED4BF5319AC9B53C426B3
    mapping_key = "9E56A6B59C95D06ECE5CD10F983BB2F4F1943528E577F23881D89D8C3BBEE0AA"
    private = 0xCD626EF3C256E235FE8912CAC28279E626008EDA6B3A05C4CF862A3BDAB79E78  # printed as it is, above the order
    static = int(mapping_key, 16) * pow(sealed_number, -1, order) % order
    chip = PaceChip(
        PaceSetting("ECDH-CAM", AES_128, 13),
        bytes.fromhex("894D03F148C6265E89845B218856EA34D00EF8E8"),
        drawn(
            "658B860BC94DF6F044FCE6D5C82CF8E5",
            mapping_key,
            f"{private % order:064X}",
        ),
        static,
    )
    assert f"{CURVES[13].multiply(static, CURVES[13].generator).x:X}" == (
        "1872709494399E7470A6431BE25E83EEE24FEA568C2ED28DB48E05DB3A610DC8"
    )
    assert played(
        chip,
        "7C00",
        "7C43814104"
        "7F1D410ADB7DDB3B84BF1030800981A9105D7457B4A3ADE002384F3086C67EDE1AB889104A27DB6D842B019020FBF3CEACB0DC627F7BDCAC29969E19D0E553C1",
        "7C43834104"
        "446C934084D9DAB863944F219520076C29EE3F7AE6722B11FF319EC1C7728F955483400BFF60BF0C5929270009277DC2A515E12575010AD9BA916CF1BF86FEFC",
        "7C0A8508E86BD06018A1CD3B",
    ) == [
        "7C128010CB60E8E0D85B76A9BD304747C2AD42E2",
        (
            "7C43824104"
            "A234236AA9B9621E8EFB73B5245C0E09D2576E5277183C1208BDD55280CAE8B304F365713A356E65A451E165ECC9AC0AC46E3771342C8FE5AEDD092685338E23"
        ),
        (
            "7C43844104"
            "02AD566F3C6EC7F9324509AD50A51FA52030782A4968FCFEDF737DAEA993333111C3B9B4C2287789BD137E7F8AA882E2A3C633CCD6ECC2C63C57AD401A09C2E1"
        ),
        (
            "7C3C86088596CF055C67C1A38A30"
            "1EEA964DAAE372AC990E3EFDE6333353BFC89A6704D93DA8798CF77F5B7A54BD10CBA372B42BE0B9B5F28AA8DE2F4F92"
        ),
    ]


@pytest.mark.parametrize(
    ("hash_name", "size", "own", "trailer"),
    [("sha1", 128, 106, "BC"), ("sha256", 128, 93, "34CC"), ("sha512", 256, 189, "35CC"), ("sha384", 192, 141, "36CC")],
)
def test_the_message_of_active_authentication_has_the_printed_shape(hash_name: str, size: int, own: int, trailer: str):
    """Appendix F: 6A, the chip's nonce, the hash over both nonces, the hash's trailer; 106 bytes of nonce in RSA-1024 with SHA-1."""
    import hashlib

    challenge = bytes.fromhex("F173589974BF40C6")
    asked: list[int] = []

    def draw(count: int) -> bytes:
        asked.append(count)
        return b"\x5a" * count

    block = recoverable(challenge, size, hash_name, draw)
    assert asked == [own]
    assert len(block) == size
    assert block == (
        b"\x6a" + b"\x5a" * own + hashlib.new(hash_name, b"\x5a" * own + challenge).digest() + bytes.fromhex(trailer)
    )


def test_keys_have_the_lengths_of_their_ciphers():
    """KDF: SHA-1 for keys of 16 bytes, SHA-256 for longer ones (Doc 9303-11, section 9.7.1.2)."""
    assert {name: len(suite.derive(b"secret", 1)) for name, suite in SUITES.items()} == {
        "3DES": 16,
        "AES-128": 16,
        "AES-192": 24,
        "AES-256": 32,
    }
