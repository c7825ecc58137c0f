<?php
declare(strict_types=1);

require_once DIR_SYSTEM . 'library/fiscalgate/sdk/autoload.php';

use Fiscalgate\Sdk\OpenCart\EventCame;
use Fiscalgate\Sdk\OpenCart\Plugin;

/**
 * What the shop's side of the plugin is called for: the event of a status, results from the gateway, the cron.
 */
class ControllerExtensionModuleFiscalgate extends Controller {
	/** The order of the self-test, which no shop has. */
	private const NO_ORDER = 0;

	/** After catalog/model/checkout/order/addOrderHistory; by address it does nothing. */
	public function changed(&$route = '', &$args = array(), &$output = null) {
		$order_id = isset($args[0]) ? (int)$args[0] : self::NO_ORDER;
		if ($order_id !== self::NO_ORDER) {
			$this->plugin()->orderChanged($order_id);
		} elseif ($args && $this->registry->has('fiscalgate_probe')) {
			throw new EventCame();
		}
	}

	/** The gateway posts results here. */
	public function callback() {
		if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
			$this->answer(405, 'POST only');
			return;
		}
		$answer = $this->plugin()->callback($_SERVER, (string)file_get_contents('php://input'));
		$this->answer($answer->getStatus(), $answer->getBody());
	}

	/** Sends what could not be sent, and asks after what has no result. */
	public function cron() {
		if (!$this->isAllowed()) {
			$this->answer(403, 'token');
			return;
		}
		$this->answer(200, 'receipts looked after: ' . $this->plugin()->cron());
	}

	/** Proves that the event comes: sets a status of an order that is not there. */
	public function probe() {
		if (!$this->isAllowed()) {
			$this->answer(403, 'token');
			return;
		}
		$has_fired = false;
		$this->registry->set('fiscalgate_probe', new stdClass());
		$this->load->model('checkout/order');
		try {
			$this->model_checkout_order->addOrderHistory(self::NO_ORDER, 0);
		} catch (EventCame $e) {
			$has_fired = true;
		}
		$this->response->addHeader('Content-Type: application/json');
		$this->response->setOutput(json_encode(array('fired' => $has_fired)));
	}

	private function isAllowed() {
		$token = $this->plugin()->settings()->text('cronToken');
		$given = isset($this->request->get['token']) && is_string($this->request->get['token']) ? $this->request->get['token'] : '';
		return $token !== '' && hash_equals($token, $given);
	}

	private function answer($status, $text) {
		http_response_code($status);
		$this->response->addHeader('Content-Type: text/plain; charset=utf-8');
		$this->response->setOutput($text);
	}

	private function plugin() {
		$log = new Log('fiscalgate.log');
		return new Plugin($this->db, DB_PREFIX, VERSION, array($log, 'write'));
	}
}
