<?php

declare(strict_types=1);

namespace Fiscalgate\OpenCartTests;

use Fiscalgate\OpenCartTests\Fakes\FakeShop;
use Fiscalgate\Sdk\OpenCart\Operation;
use Fiscalgate\Sdk\Signature;
use PHPUnit\Framework\TestCase;

/**
 * The page for results: only the gateway is believed, and only once.
 */
final class CallbackTest extends TestCase
{
    private FakeShop $shop;

    protected function setUp(): void
    {
        $this->shop = new FakeShop();
        $this->shop->plainOrder();
        $this->shop->desk()->orderChanged(1237);
    }

    /** @param array<string, mixed> $outcome */
    private function post(array $outcome, string $id = 'msg-1', string $code = FakeShop::CODE, int $age = 0): int
    {
        $body = 'json=' . rawurlencode(json_encode($outcome));
        $time = (string) ($this->shop->now - $age);
        $signature = Signature::ofWebhook(Signature::webhookKey($code), $id, $time, $body);
        $headers = ['HTTP_WEBHOOK_ID' => $id, 'HTTP_WEBHOOK_TIMESTAMP' => $time, 'HTTP_WEBHOOK_SIGNATURE' => $signature];
        return $this->shop->plugin()->callback($headers, $body)->getStatus();
    }

    private function state(): string
    {
        return $this->shop->find(1237, Operation::SALE)->state();
    }

    public function testAGenuineResultIsTaken(): void
    {
        self::assertSame(200, $this->post(FakeShop::outcome('1237', 'done', 3, ['total' => '1.00'])));
        $sale = $this->shop->find(1237, Operation::SALE);
        self::assertSame(['done', 39999, 'msg-1'], [$sale->state(), $sale->total(), $sale->webhook()]);
        self::assertSame('9999078900000001', $sale->mark()->getDrive());
    }

    public function testARepeatIsFine(): void
    {
        $this->post(FakeShop::outcome('1237', 'done', 3));
        self::assertSame(200, $this->post(FakeShop::outcome('1237', 'done', 3)));
        self::assertSame(200, $this->post(FakeShop::outcome('1237', 'failed', 2), 'msg-0'), 'older, and late');
        self::assertSame('done', $this->state());
    }

    public function testAWrongSignatureChangesNothing(): void
    {
        self::assertSame(401, $this->post(FakeShop::outcome('1237', 'done', 3), 'msg-1', 'another code'));
        self::assertSame(401, $this->post(FakeShop::outcome('1237', 'done', 3), 'msg-1', FakeShop::CODE, 400));
        self::assertSame(401, $this->shop->plugin()->callback([], 'json=')->getStatus());
        self::assertSame(Operation::FRESH, $this->state());
        self::assertStringNotContainsString(FakeShop::CODE, implode("\n", $this->shop->log));
    }

    public function testAShopWithoutACodeBelievesNobody(): void
    {
        $this->shop->set(['code' => '']);
        self::assertSame(401, $this->post(FakeShop::outcome('1237', 'done', 3), 'msg-1', ''));
    }

    public function testAnUnknownOrder(): void
    {
        self::assertSame(404, $this->post(FakeShop::outcome('9999', 'done', 3)));
        self::assertSame(404, $this->post(FakeShop::outcome('1237-refund-1', 'done', 3)));
    }

    public function testADatabaseThatFailsHasTheGatewayComeAgain(): void
    {
        $this->shop->db->run('DROP TABLE {fiscalgate_operation}');
        self::assertSame(500, $this->post(FakeShop::outcome('1237', 'done', 3)));
    }

    public function testHostileBodies(): void
    {
        foreach (['', 'json=', 'json[]=1', 'json=%7B', str_repeat('x', 100000), "json=\0"] as $body) {
            self::assertSame(401, $this->shop->plugin()->callback(['HTTP_WEBHOOK_ID' => ['x']], $body)->getStatus());
        }
        self::assertSame(400, $this->post([]));
        self::assertSame(404, $this->post(FakeShop::outcome("1237' OR '1'='1", 'done', 3)));
    }
}
