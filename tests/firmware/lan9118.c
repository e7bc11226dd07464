/* SPDX-License-Identifier: MIT */
#include "lan9118.h"

#include "mps2.h"

#include <string.h>

/* Names and bits as in the data sheet. */
#define RX_DATA      REGISTER(MPS2_ETHERNET + 0x00)
#define TX_DATA      REGISTER(MPS2_ETHERNET + 0x20)
#define RX_STATUS    REGISTER(MPS2_ETHERNET + 0x40)
#define TX_STATUS    REGISTER(MPS2_ETHERNET + 0x48)
#define ID_REV       REGISTER(MPS2_ETHERNET + 0x50)
#define IRQ_CFG      REGISTER(MPS2_ETHERNET + 0x54)
#define INT_STS      REGISTER(MPS2_ETHERNET + 0x58)
#define INT_EN       REGISTER(MPS2_ETHERNET + 0x5C)
#define TX_CFG       REGISTER(MPS2_ETHERNET + 0x70)
#define HW_CFG       REGISTER(MPS2_ETHERNET + 0x74)
#define RX_DP_CTL    REGISTER(MPS2_ETHERNET + 0x78)
#define RX_FIFO_INF  REGISTER(MPS2_ETHERNET + 0x7C)
#define TX_FIFO_INF  REGISTER(MPS2_ETHERNET + 0x80)
#define MAC_CSR_CMD  REGISTER(MPS2_ETHERNET + 0xA4)
#define MAC_CSR_DATA REGISTER(MPS2_ETHERNET + 0xA8)

#define RX_FRAMES (RX_FIFO_INF >> 16 & 0xFFU)

#define CHIP              0x0118U
#define HW_CFG_RESET      1U
#define HW_CFG_STORE      (1U << 20) /* whole frames before sending */
#define HW_CFG_TX_5_KB    (5U << 16)
#define IRQ_CFG_ON        (1U << 8 | 1U << 4 | 1U) /* active high, driven both ways */
#define INT_RX_STATUS     (1U << 3)                /* a frame is there */
#define TX_CFG_ON         2U
#define RX_DP_FORWARD     (1U << 31)
#define TX_FIRST          (1U << 13)
#define TX_LAST           (1U << 12)
#define MAC_CSR_BUSY      (1U << 31)
#define MAC_CSR_READ      (1U << 30)
#define MAC_CR_MULTICAST  (1U << 19) /* IPv6 finds neighbours by it */
#define MAC_CR_TX         (1U << 3)
#define MAC_CR_RX         (1U << 2)
#define MII_PHY           (1U << 11) /* the one inside */
#define MII_STATUS        (1U << 6)  /* its register 1 */
#define MII_BUSY          1U
#define STATUS_LINK       (1U << 2)
#define CRC_OCTETS        4U
#define WORDS_OF_COMMANDS 2U

enum mac_register { MAC_CR = 1, MAC_ADDRH = 2, MAC_ADDRL = 3, MII_ACC = 6, MII_DATA = 7 };

static void access_mac(uint32_t command)
{
    MAC_CSR_CMD = MAC_CSR_BUSY | command;
    while ((MAC_CSR_CMD & MAC_CSR_BUSY) != 0) {
    }
}

static void set_mac_register(enum mac_register which, uint32_t value)
{
    MAC_CSR_DATA = value;
    access_mac(which);
}

static uint32_t mac_register(enum mac_register which)
{
    access_mac(MAC_CSR_READ | which);
    return MAC_CSR_DATA;
}

bool lan9118_start(const uint8_t mac[6])
{
    uint32_t low;
    uint16_t high;

    if (ID_REV >> 16 != CHIP) {
        return false;
    }
    HW_CFG = HW_CFG_RESET;
    while ((HW_CFG & HW_CFG_RESET) != 0) {
    }
    HW_CFG = HW_CFG_STORE | HW_CFG_TX_5_KB;
    INT_EN = 0;
    memcpy(&low, mac, sizeof low);
    memcpy(&high, mac + sizeof low, sizeof high);
    set_mac_register(MAC_ADDRL, low);
    set_mac_register(MAC_ADDRH, high);
    TX_CFG = TX_CFG_ON;
    set_mac_register(MAC_CR, MAC_CR_MULTICAST | MAC_CR_TX | MAC_CR_RX);
    return true;
}

bool lan9118_has_link(void)
{
    set_mac_register(MII_ACC, MII_PHY | MII_STATUS | MII_BUSY);
    while ((mac_register(MII_ACC) & MII_BUSY) != 0) {
    }
    return (mac_register(MII_DATA) & STATUS_LINK) != 0;
}

static void forget_what_was_sent(void)
{
    while ((TX_FIFO_INF >> 16 & 0xFFU) != 0) {
        (void)TX_STATUS;
    }
}

bool lan9118_has_room(size_t length, size_t parts)
{
    forget_what_was_sent();
    return (TX_FIFO_INF & 0xFFFFU) >= length + parts * (WORDS_OF_COMMANDS + 1U) * 4U;
}

void lan9118_write(const uint8_t *part, size_t part_length, size_t frame_length, bool first,
                   bool last)
{
    TX_DATA = (first ? TX_FIRST : 0U) | (last ? TX_LAST : 0U) | (uint32_t)part_length;
    TX_DATA = (uint32_t)frame_length;
    for (size_t at = 0; at < part_length; at += 4) {
        size_t left = part_length - at;
        uint32_t word = 0;

        memcpy(&word, part + at, left < 4 ? left : 4);
        TX_DATA = word;
    }
}

bool lan9118_has_frame(void)
{
    return RX_FRAMES != 0;
}

size_t lan9118_next(void)
{
    if (RX_FRAMES == 0) {
        return 0;
    }
    return (RX_STATUS >> 16 & 0x3FFFU) - CRC_OCTETS;
}

void lan9118_read(uint8_t *frame, size_t length)
{
    for (size_t at = 0; at < length + CRC_OCTETS; at += 4) {
        uint32_t word = RX_DATA;

        if (at < length) {
            memcpy(frame + at, &word, length - at < 4 ? length - at : 4);
        }
    }
}

void lan9118_drop(void)
{
    RX_DP_CTL = RX_DP_FORWARD;
    while ((RX_DP_CTL & RX_DP_FORWARD) != 0) {
    }
}

void lan9118_interrupt_at_frame(void)
{
    IRQ_CFG = IRQ_CFG_ON;
    INT_STS = INT_RX_STATUS; /* until now */
    INT_EN = INT_RX_STATUS;
}

void lan9118_interrupt_off(void)
{
    INT_EN = 0;
}
