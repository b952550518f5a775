# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress
import random
import string

import pytest

from aci_emulator.recording.pseudonyms import Pseudonyms


def test_a_text_has_one_pseudonym_whatever_its_kind():
    table = Pseudonyms()
    assert table.of("shop", "name") == table.of("shop", "tag") == "n1"
    assert table.of("shopping", "name") == "name2"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("my-shop", "name-1"),
        ("MY_SHOP", "NAME_1"),
        ("My.Shop", "Name.1"),
        ("my--shop", "name--1"),
        ("-shop", "-name1"),
        ("shop-", "name1-"),
        ("7-shops", "0name-1"),
        ("web", "n1"),
        ("a shop", "name~1"),
        ("shop (old)", "name()~1"),
        ("s" * 64, "name" + "x" * 59 + "1"),
        ("two\nlines" * 20, "name-1"),
    ],
)
def test_what_decides_whether_the_service_takes_a_name_is_kept(text: str, made: str):
    assert Pseudonyms().of(text, "name") == made


def test_texts_that_differ_in_case_only_have_pseudonyms_that_do():
    table = Pseudonyms()
    made = [table.of(text, "name") for text in ("my-shop", "My-Shop", "MY-SHOP", "My-shop", "mY-shop")]
    assert len(set(made)) == 5
    assert {each.lower() for each in made} == {"name-1"}
    assert (made[0], made[2]) == ("name-1", "NAME-1")


def test_different_texts_have_different_pseudonyms():
    table = Pseudonyms()
    lots = random.Random(7)
    texts = {"".join(lots.choices("aAbB-_.9 é", k=lots.randint(1, 9))).strip() or "x" for _ in range(3000)}
    made = {text: table.of(text, lots.choice(["name", "value"])) for text in sorted(texts)}
    assert len(set(made.values())) == len(made)
    assert made == {text: table.of(text, "name") for text in texts}


def test_guids():
    table = Pseudonyms()
    one, two = "7B0B0C1E-1111-2222-3333-444455556666", "8b0b0c1e-1111-2222-3333-444455556666"
    assert table.guid(one.lower()) == "00000000-0000-0000-0000-000000000001"
    assert table.guid(one) == "00000000-0000-0000-0000-000000000001"
    assert table.guid(two) == "00000000-0000-0000-0000-000000000002"
    assert table.guid("00000000-0000-0000-0000-000000000000") == "00000000-0000-0000-0000-000000000000"


def test_private_addresses_stay_in_their_networks():
    table = Pseudonyms()
    network, subnet = (ipaddress.ip_network(table.address(each)) for each in ("10.77.0.0/16", "10.77.16.0/20"))
    host, stranger = (ipaddress.ip_address(table.address(each)) for each in ("10.77.16.4", "10.78.16.4"))
    assert subnet.subnet_of(network)
    assert host in subnet
    assert stranger not in network
    assert network.prefixlen == 16
    assert all(each in ipaddress.ip_network("10.0.0.0/8") for each in (host, stranger))
    assert table.address("10.77.16.4/20").endswith("/20")


def test_other_addresses():
    table = Pseudonyms()
    public = [table.address(each) for each in ("20.50.1.2", "20.50.1.3", "20.50.1.2")]
    assert public[0] == public[2] != public[1]
    assert all(ipaddress.ip_address(each) in ipaddress.ip_network("198.18.0.0/15") for each in public)
    assert table.address("127.0.0.1") == "127.0.0.1"
    assert table.address("fd00:1::7") != "fd00:1::7"
    with pytest.raises(ValueError, match="appear"):
        table.address("10.0.0.300")


def test_tables_have_nothing_in_common():
    """A pseudonym does not reveal the address behind it: each table has its own key."""
    assert len({Pseudonyms().address("10.200.30.40") for _ in range(20)}) > 1
    assert len({Pseudonyms().digest("ab" * 32) for _ in range(3)}) == 3
    assert set(Pseudonyms().digest("ab" * 32)) <= set(string.hexdigits)
    assert len(Pseudonyms().digest("ab" * 8)) == 16
