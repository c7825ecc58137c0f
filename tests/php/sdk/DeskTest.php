<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use Fiscalgate\Sdk\Account;
use Fiscalgate\Sdk\Client;
use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\ReceiptBuilder;
use Fiscalgate\Sdk\RetryPolicy;
use Fiscalgate\Sdk\Shop\Desk;
use Fiscalgate\Sdk\Shop\Operation;
use Fiscalgate\Sdk\Submission;
use Fiscalgate\Sdk\TaxSystem;
use Fiscalgate\Sdk\Vat;
use PHPUnit\Framework\TestCase;

final class DeskTest extends TestCase
{
    private MemoryOperations $store;
    private FakeGateway $gateway;
    private Desk $desk;
    private int $now = 1795255260;
    private int $made = 0;
    /** @var string[] */
    private array $told = [];
    /** @var string[] */
    private array $log = [];

    protected function setUp(): void
    {
        $this->store = new MemoryOperations();
        $this->gateway = new FakeGateway();
        $this->desk = new Desk($this->store, function (string $level, string $message, array $context): void {
            $this->log[] = $level . ' ' . $message . ' ' . json_encode($context);
        }, function (): int {
            return $this->now;
        }, null, function (Operation $before, Operation $now): void {
            $this->told[] = $now->getKey() . ' ' . $before->getState() . '>' . $now->getState();
        });
    }

    public function testPlacingAsksNobody(): void
    {
        $operation = $this->place('1237');
        self::assertSame([], $this->gateway->asked);
        self::assertSame([$this->now, 9999, ''], [$operation->getDue(), $operation->getTotal(), $operation->getState()]);
    }

    public function testTheSameOperationStaysAsItWasPlacedFirst(): void
    {
        $first = $this->place('1237');
        self::assertEquals($first, $this->place('1237', 500));
        self::assertSame(1, $this->made);
    }

    public function testWhoPlacesSecondGetsWhatTheFirstHasPlaced(): void
    {
        $this->store->before = function (): void {
            $this->place('1237', 500);
        };
        self::assertSame(500, $this->place('1237')->getTotal());
        self::assertCount(1, $this->store->rows);
    }

    public function testWhatCannotBeMadeIsKeptWithTheReason(): void
    {
        $operation = $this->desk->place(OrderNumber::sale('1237'), '1237', 100, static function (): Submission {
            throw new ValidationException('order.currency', 'is EUR');
        });
        self::assertTrue($operation->needsSomebody());
        self::assertSame(['receipt', 'order.currency: is EUR'], [$operation->getReason(), $operation->getError()]);
        self::assertSame(0, $this->work());
        $this->desk->retry('1237', $this->maker(100));
        self::assertSame(1, $this->work());
        self::assertSame(['1237'], $this->numbers());
    }

    public function testPrintsOnceAndAsksWhatBecameOfIt(): void
    {
        $this->place('1237');
        $this->work();
        self::assertSame('queued', $this->find('1237')->getState());
        self::assertSame(0, $this->work(), 'asked too early');
        $this->gateway->finish('1237');
        $this->now += 30;
        $this->work();
        $operation = $this->find('1237');
        self::assertTrue($operation->isDone());
        self::assertSame('9999078902012345', $operation->getMark()->getDrive());
        self::assertStringContainsString('/r/01task', $operation->getPage());
        $this->now += 99999;
        self::assertSame(0, $this->work());
        self::assertSame(['POST 1237', 'GET 01task0000'], $this->gateway->asked);
        self::assertSame(['1237 >queued', '1237 queued>done'], $this->told);
    }

    /** @dataProvider moods */
    public function testADeafGatewayIsAskedAgainWithTheSame(string $mood): void
    {
        $this->gateway->mood = $mood;
        $this->place('1237');
        for ($i = 0; $i < 5; ++$i) {
            $this->work();
            $this->now = max($this->now, $this->find('1237')->getDue());
        }
        self::assertSame([5, 'later'], [$this->find('1237')->getTries(), $this->find('1237')->getReason()]);
        $this->gateway->mood = '';
        $this->work();
        self::assertSame(['queued', ''], [$this->find('1237')->getState(), $this->find('1237')->getError()]);
        self::assertSame(['1237'], $this->numbers());
    }

    public static function moods(): array
    {
        return [['down'], ['garbage'], ['busy']];
    }

    public function testAfterDaysOfSilenceSomebodyMustLookAndAButtonStartsItAgain(): void
    {
        $this->gateway->mood = 'down';
        $this->place('1237');
        for ($i = 0; $i < 40 && $this->find('1237')->getDue() > 0; ++$i) {
            $this->work();
            $this->now = max($this->now, $this->find('1237')->getDue());
        }
        self::assertTrue($this->find('1237')->needsSomebody());
        $this->gateway->mood = '';
        $this->desk->retry('1237', $this->maker(500));
        $this->work();
        self::assertSame(9999, $this->gateway->total('1237'), 'what may have arrived must not change');
    }

    public function testARefusedReceiptIsMadeAnewUnderItsNumber(): void
    {
        $this->gateway->mood = 'refuses';
        $this->place('1237');
        $this->work();
        self::assertStringContainsString('так нельзя', $this->find('1237')->getError());
        self::assertSame(0, $this->find('1237')->getDue());
        $this->gateway->mood = '';
        $this->desk->retry('1237', $this->maker(500));
        $this->work();
        self::assertSame([500, 500], [$this->gateway->total('1237'), $this->find('1237')->getTotal()]);
    }

    public function testANumberThatIsTakenIsNotTriedAgain(): void
    {
        $this->place('1237');
        $this->work();
        $this->store->rows = [];
        $this->place('1237', 500);
        $this->work();
        self::assertSame(RetryPolicy::CONFLICT, $this->find('1237')->getReason());
        self::assertFalse($this->find('1237')->canRetry());
        $this->expectException(ValidationException::class);
        $this->desk->retry('1237', $this->maker(500));
    }

    public function testOnlyWhatSurelyFailedGetsAnotherTry(): void
    {
        $this->place('1237');
        $this->work();
        self::assertFalse($this->find('1237')->canRetry());
        $this->finish('1237', 'unknown', 'никто не знает');
        self::assertFalse($this->find('1237')->canRetry());
        $this->finish('1237', 'failed', 'нет бумаги');
        $retried = $this->desk->retry('1237', $this->maker());
        self::assertSame('1237-try-2', (string) $retried->getNumber());
        $this->work();
        $this->gateway->finish('1237-try-2');
        $this->receive('1237-try-2');
        self::assertTrue($this->find('1237')->isDone());
        self::assertSame(['1237', '1237-try-2'], $this->numbers());
    }

    public function testAnOldTrySaysNothingAnyMore(): void
    {
        $this->place('1237');
        $this->work();
        $this->finish('1237', 'failed');
        $this->desk->retry('1237', $this->maker());
        self::assertSame(200, $this->receive('1237'));
        self::assertSame('', $this->find('1237')->getState());
    }

    public function testACallbackMayBeQuickerThanTheAnswerToThePost(): void
    {
        $this->place('1237');
        $this->gateway->mood = 'down';
        $this->work();
        $this->gateway->mood = '';
        (new Client(self::account(), $this->gateway))->create($this->find('1237')->getSubmission());
        $this->finish('1237');
        $this->now += 99999;
        self::assertSame(0, $this->work(), 'it is over');
        self::assertTrue($this->find('1237')->isDone());
    }

    public function testAnswersOfCallbacks(): void
    {
        $this->place('1237');
        $this->work();
        $this->gateway->finish('1237');
        self::assertSame(404, $this->receive('1238'));
        self::assertSame(401, $this->receive('1237', [], 'another code'));
        self::assertSame('queued', $this->find('1237')->getState());
        self::assertSame(200, $this->receive('1237'));
        self::assertSame(200, $this->receive('1237'), 'a repeat');
        self::assertSame(200, $this->receive('1237', ['seq' => 0, 'state' => 'failed']), 'an older one');
        self::assertTrue($this->find('1237')->isDone());
        self::assertSame(['1237 >queued', '1237 queued>done'], array_slice($this->told, 0, 2));
    }

    public function testTwoWorkersPostOnce(): void
    {
        $this->place('1237');
        $this->store->before = function (): void {
            $this->work();
        };
        self::assertSame(0, $this->work());
        self::assertSame(['POST 1237'], $this->gateway->asked);
    }

    public function testOneOrderCanBeAttendedToAlone(): void
    {
        $this->place('1237');
        $this->place('1238');
        $client = new Client(self::account(), $this->gateway);
        self::assertSame(1, $this->desk->work($client, 10, '1238'));
        self::assertSame(0, $this->desk->work($client, 10, '1238'), 'not due');
        self::assertSame(['POST 1238'], $this->gateway->asked);
    }

    public function testNobodyWaitsForAGatewayThatHangsWhileBuyersCome(): void
    {
        $client = new Client(self::account(), $this->gateway);
        $this->place('1236');
        self::assertSame(1, $this->desk->workAtOnce($client, '1236'));
        $this->gateway->mood = 'down';
        foreach (['1237', '1238', '1239'] as $number) {
            $this->place($number);
            $this->desk->workAtOnce($client, $number);
        }
        self::assertSame(['POST 1236', 'POST 1237'], $this->gateway->asked);
        $this->gateway->mood = '';
        $this->now += 200;
        $this->work();
        $this->place('1240');
        self::assertSame(1, $this->desk->workAtOnce($client, '1240'));
    }

    public function testARefundGoesAfterItsSale(): void
    {
        $this->place('1237');
        $this->desk->place(OrderNumber::refund('1237', 1), '1237', 100, function (OrderNumber $number): Submission {
            return Submission::of($number, $this->desk->soldOf('1237', (string) $number)->refund(100), self::account());
        });
        $this->work();
        self::assertSame(['POST 1237'], $this->gateway->asked);
        self::assertSame(9899, $this->desk->remaining('1237'));
        $this->finish('1237');
        $this->now += 60;
        $this->work();
        self::assertSame(['1237', '1237-refund-1'], $this->numbers());
        self::assertSame(2, $this->gateway->receipt('1237-refund-1')['receiptType_1054']);
    }

    public function testWhatTheShopMakesOfTheNewsHarmsNobody(): void
    {
        $desk = new Desk($this->store, function (string $level, string $message): void {
            $this->log[] = $message;
        }, null, null, static function (): void {
            throw new \RuntimeException('the shop is broken');
        });
        $this->place('1237');
        $this->store->rows['1237']['due'] = 1;
        $desk->work(new Client(self::account(), $this->gateway));
        self::assertSame('queued', $this->find('1237')->getState());
        self::assertContains('A change could not be told', $this->log);
    }

    public function testTheLogHoldsNoSecret(): void
    {
        $this->gateway->mood = 'down';
        $this->place('1237');
        $this->work();
        $text = implode("\n", $this->log) . json_encode($this->store->rows);
        self::assertStringNotContainsString(FakeGateway::CODE, $text);
        self::assertStringNotContainsString(FakeGateway::TOKEN, $text);
    }

    private function place(string $number, int $total = 9999): Operation
    {
        return $this->desk->place(OrderNumber::parse($number), $number, $total, $this->maker($total));
    }

    private function maker(int $total = 9999): callable
    {
        return function (OrderNumber $number) use ($total): Submission {
            ++$this->made;
            $receipt = ReceiptBuilder::sale(TaxSystem::GENERAL, $total)
                ->addItem(Item::of('Чай', 0, Quantity::pieces(3), Vat::RATE_22), $total)
                ->build(Customer::email('buyer@example.com'));
            return Submission::of($number, $receipt, self::account());
        };
    }

    private static function account(): Account
    {
        $settings = FakeGateway::settings();
        return new Account($settings['url'], $settings['account'], $settings['token'], $settings['code']);
    }

    private function work(): int
    {
        return $this->desk->work(new Client(self::account(), $this->gateway, function (string $level, string $text, array $more): void {
            $this->log[] = $text . json_encode($more);
        }));
    }

    private function finish(string $number, string $state = 'done', string $error = ''): void
    {
        $this->gateway->finish($number, $state, $error);
        self::assertSame(200, $this->receive($number));
    }

    private function receive(string $number, array $changes = [], string $code = FakeGateway::CODE): int
    {
        [$headers, $body] = $this->gateway->callback($number, $changes, $this->now, $code);
        return $this->desk->receive([FakeGateway::CODE], $headers, $body)->getStatus();
    }

    private function find(string $key): Operation
    {
        $found = $this->store->find($key);
        self::assertNotNull($found);
        return $found;
    }

    /** @return string[] */
    private function numbers(): array
    {
        return array_map('strval', array_keys($this->gateway->tasks));
    }
}
